"""The command `reconcile postings`: what became of payments posted elsewhere, and what a person decides of it."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from reconcile.errors import UsageError

if TYPE_CHECKING:
    from reconcile.config import Config
    from reconcile.ledger import Ledger

_PATH: Final = click.Path(path_type=Path)

WHAT_TO_DO: Final = {
    "conflict": "look there, mend it, then settle or retry it; its invoice waits until then",
    "unknown": "the next run looks it up; where no call shows it, look there, then settle or retry it",
    "sent": "a run broke off; the next run looks it up",
    "pending": "the next run sends it",
    "refused": "decide by hand; then settle it, or retry it once the reason is gone",
}
"""What is to be done with a posting, by its state."""

NOWHERE: Final = 'connector.system = "ledger": payments are posted nowhere else'


def _options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--ledger", type=_PATH, help="The embedded ledger's file.")(command)
    return click.option(
        "--config", "config_file", type=_PATH, help="A TOML file that stands over config/reconcile.toml."
    )(command)


@click.group(invoke_without_command=True)
@_options
@click.pass_context
def postings(context: click.Context, config_file: Path | None, ledger: Path | None) -> None:
    """Show and settle what was posted to the invoicing system; alone, list it."""
    if context.invoked_subcommand is None:
        context.invoke(list_postings, config_file=config_file, ledger=ledger)
    elif config_file or ledger:
        raise UsageError(f"put --config and --ledger behind {context.invoked_subcommand}")


@postings.command("list")
@_options
@click.option("--all", "is_all", is_flag=True, help="The settled ones too.")
def list_postings(config_file: Path | None = None, ledger: Path | None = None, *, is_all: bool = False) -> None:
    """List what is pending, unknown, refused or in conflict, with what to do."""
    with _opened(config_file, ledger) as (config, opened, _):
        from reconcile.money import written
        from reconcile.post import outbox_of
        from reconcile.sql import sql

        outbox = outbox_of(opened, config)
        counts = outbox.counts()
        query = sql("post", "postings_listed")
        rows = opened.frame(query, system=outbox.system, place=outbox.place, is_all=is_all).rows(named=True)
        left = outbox.left_elsewhere()
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "nothing was ever posted"
    click.echo(f"{outbox.system} at {outbox.place}: {told}" if config.posts else NOWHERE)
    state = ""
    for row in rows:
        if row["state"] != state:
            state = row["state"]
            click.echo(f"\n{state}: {WHAT_TO_DO[state]}")
        amount = f"{written(row['amount'], row['currency'])} {row['currency']}"
        click.echo(f"  {row['posting_id']}  {amount:>16}  {_plain(row['invoice_number'])}  {row['payment_date']}")
        if row["detail"]:
            click.echo(f"      {_plain(row['detail'])}")
    for sentence in left:
        click.echo(f"\n{_plain(sentence)}")


@postings.command()
@click.argument("key")
@_options
def retry(key: str, config_file: Path | None, ledger: Path | None) -> None:
    """Let the next run send a posting that was refused, is unknown or stands in conflict. It is looked up first."""
    with _opened(config_file, ledger) as (config, opened, keep):
        _change(opened, config, key, "pending", "a person lets it be sent again", is_again=True)
        keep()
    click.echo(f"{key}: pending")


@postings.command()
@click.argument("key")
@click.option(
    "--as", "state", type=click.Choice(["confirmed", "refused"]), required=True, help="What a person has found."
)
@click.option("--because", required=True, help="Who looked, and what was found; it stays in the ledger.")
@_options
def settle(key: str, state: str, because: str, config_file: Path | None, ledger: Path | None) -> None:
    """Say that a posting is there (confirmed) or will not be there (refused)."""
    if not because.strip():
        raise UsageError("--because must say who looked, and what was found")
    with _opened(config_file, ledger) as (config, opened, keep):
        _change(opened, config, key, state, f"settled by a person: {because.strip()}", is_settled=True)
        keep()
    click.echo(f"{key}: {state}")


@postings.command()
@_options
def compare(config_file: Path | None, ledger: Path | None) -> None:
    """Compare ledger and system invoice by invoice: ours missing there, theirs missing here, unequal amounts."""
    with _opened(config_file, ledger) as (config, opened, _):
        from reconcile.elsewhere import connector_of
        from reconcile.post import compare_all

        rows = compare_all(opened, config, connector_of(config)).rows(named=True)
    for row in rows:
        click.echo(
            f"{row['kind'].replace('_', ' ')}: invoice {_plain(row['invoice_number'])}: {_plain(row['sentence'])}"
        )
    click.echo(f"{len(rows)} differences" if rows else "no difference")


@postings.command()
@_options
def post(config_file: Path | None, ledger: Path | None) -> None:
    """Post now what waits, without a night's run."""
    from reconcile.elsewhere import take_up

    result = take_up(config=config_file, ledger=ledger)
    click.echo(
        ", ".join(f"{count} {state}" for state, count in result.counts.items() if count) or "nothing was ever posted"
    )
    for sentence in (*result.left_elsewhere, *([result.stopped] if result.stopped else [])):
        click.echo(f"reconcile: {_plain(sentence)}", err=True)
    sys.exit(4 if result.stopped or result.unconfirmed else 0)


@postings.command()
@click.option("--from-run", "first_run_number", type=click.IntRange(1), required=True, help="The first run to include.")
@_options
def include(first_run_number: int, config_file: Path | None, ledger: Path | None) -> None:
    """Let the next run post also what was decided before the system was configured, from a run on."""
    with _opened(config_file, ledger) as (config, opened, keep):
        from reconcile.post import plan

        if not config.posts:
            raise UsageError(f"{NOWHERE}: give --config with the system that is to have them")
        opened.run_number = opened.value("select coalesce(max(run_number), 0) from runs")
        count = plan(opened, config.connector, first_run_number=first_run_number)
        keep()
    click.echo(f"{count} more wait to be posted")


@postings.command("take-over")
@_options
def take_over(config_file: Path | None, ledger: Path | None) -> None:
    """Let this ledger's file post although it is a copy or an older state of the one that posted last."""
    with _opened(config_file, ledger) as (_, opened, keep):
        from reconcile.post.lease import Lease

        Lease.take(opened, is_forced=True)
        keep()
    click.echo("this ledger posts from now on; the other must not any more")


@contextmanager
def _opened(config_file: Path | None, ledger: Path | None) -> Iterator[tuple[Config, Ledger, Callable[[], None]]]:
    """Open the ledger that a run with these options would open; hand out how to keep what is written."""
    from reconcile.elsewhere import configured
    from reconcile.ledger import open_ledger

    config, path = configured(config_file, ledger)
    opened = open_ledger(path)
    with opened as held:
        yield config, held, opened.keep


def _change(
    ledger: Ledger,
    config: Config,
    key: str,
    state: str,
    detail: str,
    *,
    is_again: bool = False,
    is_settled: bool = False,
) -> None:
    from reconcile.post import outbox_of
    from reconcile.post.outbox import Event
    from reconcile.post.posting import FINAL, PostingState, Verdict

    outbox = outbox_of(ledger, config)
    found = outbox.postings([key])
    if not found:
        message = f"there is no posting {key}; `reconcile postings list --all` shows those that there are"
        raise UsageError(message)
    if found[0].state is PostingState.CONFIRMED or (found[0].state in FINAL and not (is_again or is_settled)):
        message = f"{key} is {found[0].state.value} already"
        raise UsageError(message)
    if found[0].state is PostingState.SENT:
        message = f"{key} was sent and not looked up yet: run `reconcile postings post` first"
        raise UsageError(message)
    if found[0].state is PostingState.CONFLICT:  # what is there is not ours, a person says: what is new counts from now
        found = [dataclasses.replace(found[0], held_before=None)]
    outbox.commit([Event(found[0], Verdict(PostingState(state), detail), is_again=is_again, is_settled=is_settled)])


def _plain(text: str) -> str:
    """Take from a text what a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)
