"""Run the benchmark: `python -m tests.bench run | ablate | calibrate | world | speed | post | report | picture`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from reconcile.post.connectors import CONNECTORS
from tests.bench import ablations, baseline, speed
from tests.bench.calibration import TABLE, calibrate
from tests.bench.nights import night
from tests.bench.profiles import PROFILES
from tests.bench.score import Score, heading, score, tables
from tests.bench.worlds import write_world


def main() -> None:
    """Read the command and run it."""
    given = _parser().parse_args()
    if given.command in {"post", "report", "picture"}:
        _run_beside(given)
    else:
        _run(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="make worlds, run a night on each, score it and the baseline")
    run.add_argument("--profiles", default=",".join(PROFILES))
    run.add_argument("--seeds", default="1")
    run.add_argument("--lines", type=int, default=3000)
    run.add_argument("--keep", type=Path, help="a folder to keep worlds and reports in")
    run.add_argument("--brief", action="store_true", help="one line a profile, and the total's tables only")
    ablate = commands.add_parser("ablate", help="run nights with parts of matching taken away, to see what each adds")
    fitted = commands.add_parser("calibrate", help=f"fit {TABLE.name} anew; use other seeds to check it")
    for command, seeds in ((ablate, "1,2"), (fitted, "11,12,13,14,15,16")):
        command.add_argument("--profiles", default=",".join(PROFILES))
        command.add_argument("--seeds", default=seeds)
        command.add_argument("--lines", type=int, default=1500)
    world = commands.add_parser("world", help="write one world into a folder")
    world.add_argument("profile", choices=PROFILES)
    world.add_argument("seed", type=int)
    world.add_argument("folder", type=Path)
    world.add_argument("--lines", type=int, default=3000)
    timed = commands.add_parser("speed", help="time matching against the bare work")
    timed.add_argument("--lines", default="10000,100000")
    timed.add_argument("--profile", choices=PROFILES, default="us")
    timed.add_argument("--equal", type=int, default=0, help="time a customer with so many equal open items instead")
    posted = commands.add_parser("post", help="time posting to a local server, and kill posters at random")
    posted.add_argument("--payments", type=int, default=10_000)
    posted.add_argument("--kills", type=int, default=0, help="so many kill -9 besides, e.g. 200")
    posted.add_argument("--faults", action="store_true", help="post the samples through each fault, to each system")
    posted.add_argument("--system", choices=tuple(CONNECTORS), default="invoicing_v1", help="whose posters")
    told = commands.add_parser("report", help="time the match report of one night, written and in a browser")
    told.add_argument("--lines", default="100000")
    told.add_argument("--profile", choices=PROFILES, default="us")
    commands.add_parser("picture", help="make the README's picture of the report anew, from the samples")
    return parser


def _run(given: argparse.Namespace) -> None:
    if given.command == "world":
        write_world(given.profile, given.seed, given.lines, given.folder)
    elif given.command == "speed" and given.equal:
        say(speed.measure_equal(given.equal))
    elif given.command == "speed":
        for lines in map(int, given.lines.split(",")):
            say(speed.measure(given.profile, lines))
    elif given.command == "ablate":
        ablations.ablate(given.profiles.split(","), _numbers(given.seeds), given.lines, say)
    elif given.command == "calibrate":
        calibrate(given.profiles.split(","), _numbers(given.seeds), given.lines).write_csv(TABLE)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run_all(given.profiles.split(","), _numbers(given.seeds), given.lines,
                    given.keep or Path(folder), is_brief=given.brief)  # fmt: skip


def _run_beside(given: argparse.Namespace) -> None:
    """Run what needs a server or a browser besides."""
    if given.command == "post":
        post_all(given)
        return
    from tests.bench import report

    if given.command == "picture":
        say(report.picture())
        return
    for lines in map(int, given.lines.split(",")):
        say(report.measure(given.profile, lines))


def post_all(given: argparse.Namespace) -> None:
    """Time posting, kill posters, or post the samples through each fault, as asked."""
    from tests.bench import faults, post

    if given.faults:
        for told in faults.through_faults(tuple(CONNECTORS)):
            say(told)
        return
    if given.payments:
        say(post.measure(given.payments))
    if given.kills:
        say(post.kill(given.kills, given.system))


def run_all(profiles: list[str], seeds: list[int], lines: int, folder: Path, *, is_brief: bool) -> None:
    """Run every profile on every seed and print its scores, then the total's."""
    total, total_baseline = Score(), Score()
    for profile in profiles:
        own, plain = Score(), Score()
        for seed in seeds:
            world = folder / f"{profile}-{seed}"
            write_world(profile, seed, lines, world)
            night(world)
            own += score(world, world / "out")
            baseline.run(world, world / "baseline")
            plain += score(world, world / "baseline")
        say(f"{profile:8} reconcile {heading(own)}")
        say(f"{'':8} baseline  {heading(plain)}")
        if not is_brief:
            say(tables(own))
        total += own
        total_baseline += plain
    say(f"{'TOTAL':8} reconcile {heading(total)}")
    say(f"{'':8} baseline  {heading(total_baseline)}")
    say(tables(total))


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def say(text: str) -> None:
    """Print a text at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
