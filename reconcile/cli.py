"""The command `reconcile`: flags in, a night run, a short summary out. The only file of the core that knows `flows/`.

A user's mistake ends in one or two lines on stderr and an exit code of the contract, never in a traceback.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from reconcile.cli_payments import payments
from reconcile.cli_postings import postings
from reconcile.cli_review import review
from reconcile.errors import ReconcileError, UsageError
from reconcile.progress import Progress

if TYPE_CHECKING:
    from reconcile.night import NightResult

ROWS_TOLD_MAX: Final = 10
"""How many rejected rows of one file are named on stderr; all stand in rejected.csv."""

_PATH: Final = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reconcile")
def cli() -> None:
    """Find which invoices each bank receipt pays, record the payments, and say why."""


cli.add_command(payments)
cli.add_command(postings)
cli.add_command(review)


@cli.command()
@click.option("--statements", type=_PATH, multiple=True, help="A statement file, or a folder of them; repeatable.")
@click.option("--invoices", type=_PATH, help="Open invoices and credit notes: CSV, Parquet or JSON.")
@click.option("--customers", type=_PATH, help="Customers: CSV, Parquet or JSON.")
@click.option("--remittances", type=_PATH, help="Remittance advices that came apart from the bank.")
@click.option("--banks", type=_PATH, help="A folder of your own bank profiles (TOML).")
@click.option("--ledger", type=_PATH, help="The embedded ledger's file; made when missing.")
@click.option("--config", "config_file", type=_PATH, help="A TOML file that stands over config/reconcile.toml.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The date that counts as today.")
@click.option("--out", type=_PATH, help="The folder of the match report.")
@click.option("--dry-run", is_flag=True, help="Decide and report, and write nothing to the ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--prefect", is_flag=True, help="Run as a Prefect flow even where PREFECT_API_URL is not set.")
def run(
    statements: tuple[Path, ...],
    invoices: Path | None,
    customers: Path | None,
    remittances: Path | None,
    banks: Path | None,
    ledger: Path | None,
    config_file: Path | None,
    as_of: dt.datetime | None,
    out: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
    prefect: bool,
) -> None:
    """Run one night: read statements, match, record, report. Without options: on the samples."""
    options: dict[str, Any] = {
        "statements": statements, "invoices": invoices, "customers": customers, "remittances": remittances,
        "banks": banks, "ledger": ledger, "out": out, "config": config_file,
    }  # fmt: skip
    options |= {"as_of": as_of.date() if as_of else None, "dry_run": dry_run}
    as_flow = prefect or bool(os.environ.get("PREFECT_API_URL"))
    with Progress(sys.stderr) as progress:
        result = _as_flow(progress, options) if as_flow else _directly(progress, options)
    _tell_rejected(result.rejected.rows(named=True))
    _tell_unconfirmed(result)
    if as_json:
        click.echo(json.dumps(result.report.summary | {"seconds": result.seconds}, indent=2, ensure_ascii=False))
    else:
        _print_summary(result)
    sys.exit(result.exit_code)


@cli.command()
@click.option("--ledger", type=_PATH, help="The embedded ledger's file.")
@click.option("--out", type=_PATH, help="The folder of the match report.")
@click.option("--config", "config_file", type=_PATH, help="A TOML file that stands over config/reconcile.toml.")
def report(ledger: Path | None, out: Path | None, config_file: Path | None) -> None:
    """Write the last night's report anew, with what people decided since. Nothing is read or decided."""
    from rich.console import Console

    from reconcile.nights import report_again
    from reconcile.report import print_summary

    told, folder = report_again(config=config_file, ledger=ledger, out=out)
    print_summary(told, folder, Console())


@cli.command()
@click.option("--config", "config_file", type=_PATH, help="A TOML file that stands over config/reconcile.toml.")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Where the UI is shown.")
@click.option("--report-port", type=click.IntRange(1, 65535), help="Where the report is shown. [default: one more]")
def serve(config_file: Path | None, port: int, report_port: int | None) -> None:
    """Show and run every flow on this machine, with its schedule, in the Prefect UI; until Ctrl-C."""
    from flows.serve import Places, serve
    from reconcile.config import load

    places = Places(port, report_port or min(port + 1, 65535))
    try:
        serve(load(config_file).with_samples(), config_file, places, click.echo)
    except KeyboardInterrupt:
        click.echo("stopped")


def _directly(progress: Progress, options: dict[str, Any]) -> NightResult:
    from reconcile.night import run_night_with  # half a second of libraries that --help does not need

    return run_night_with(step=progress.step, **options)


def _as_flow(progress: Progress, options: dict[str, Any]) -> NightResult:
    progress.tell("start Prefect")
    from flows.quiet import run_quietly  # two seconds of libraries that a plain run does not need

    return run_quietly(progress.step, options)


def _print_summary(result: NightResult) -> None:
    from rich.console import Console

    from reconcile.report import print_summary

    print_summary(result.report, result.out, Console())


def _tell_rejected(rows: list[dict[str, Any]]) -> None:
    """Name on stderr what was not accepted: a line for each file, at most ten of its rows."""
    shown: dict[str, int] = {}
    for row in rows:
        shown[row["source_file"]] = shown.get(row["source_file"], 0) + 1
        if shown[row["source_file"]] <= ROWS_TOLD_MAX:
            place = "" if row["source_row"] is None else f", transaction {row['source_row']}"
            click.echo(f"rejected: {_plain(row['source_file'])}{place}: {_plain(row['reason'])}", err=True)
    for name, count in shown.items():
        if count > ROWS_TOLD_MAX:
            click.echo(f"rejected: {_plain(name)}: {count - ROWS_TOLD_MAX} more, see rejected.csv", err=True)


def _tell_unconfirmed(result: NightResult) -> None:
    """Say on stderr that payments could not be confirmed in the other system."""
    posted = result.posted
    for sentence in posted.left_elsewhere if posted else ():
        click.echo(f"not posted: {_plain(sentence)}", err=True)
    if posted is None or not (posted.stopped or posted.unconfirmed):
        return
    if posted.stopped:
        click.echo(f"not posted: {_plain(posted.stopped)}", err=True)
    click.echo(f"not confirmed: {posted.unconfirmed} postings; see `reconcile postings`", err=True)


def _plain(text: str) -> str:
    """Take from a text what a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)


def _check_readable(arguments: list[str]) -> None:
    """Refuse bytes that are no UTF-8: the ledger holds none, and can be asked for none."""
    for argument in arguments:
        shown = argument.encode("utf-8", "replace").decode("utf-8")
        if shown != argument:
            message = f"{shown[:60]!r} is not readable as text: write it in UTF-8"
            raise UsageError(message)


def _mistake(error: click.ClickException) -> str:
    """Return what is wrong with a command's words in one line, with where to look."""
    said = " ".join(error.format_message().split()).rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{said[:1].lower()}{said[1:]}; see `{context.command_path if context else 'reconcile'} --help`"


def main() -> None:
    """Run the command; a user's mistake is one line on stderr and its exit code."""
    try:
        _check_readable(sys.argv[1:])
        cli(prog_name="reconcile", standalone_mode=False)
    except ReconcileError as error:
        click.echo(f"reconcile: {_plain(str(error))}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"reconcile: {_plain(_mistake(error))}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("reconcile: stopped; what the ledger holds is whole, run again to go on", err=True)
        sys.exit(130)
