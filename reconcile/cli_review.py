"""The commands `reconcile review`: what waits for a person, what a person decides of it, and files of decisions."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from reconcile.cli_ledger import login, tell, with_options
from reconcile.cli_values import AMOUNT

if TYPE_CHECKING:
    from reconcile.review import Applied, InvoiceCash, ReviewDesk

_PATH: Final = click.Path(path_type=Path)
_where: Final = with_options(
    click.option("--ledger", type=_PATH, help="The embedded ledger's file."),
    click.option("--config", "config_file", type=_PATH, help="A TOML file that stands over config/reconcile.toml."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)
_by: Final = click.option("--by", "who", help="Who decides; you, unless told.")
_deciding: Final = with_options(
    click.argument("line"), click.option("--reason", default="", help="Why; it stays in the ledger."), _by, _where
)
_invoices: Final = click.option(
    "--invoice", "invoices", multiple=True, metavar="ID[=AMOUNT]",
    help="An invoice or credit note, by id or number, and the line's cash for it (a credit note's is negative).",
)  # fmt: skip
_customer: Final = click.option("--customer", "customer_id", default="", help="A customer's id.")


@click.group()
def review() -> None:
    """Decide the lines that wait for a person. A LINE is its id, or a beginning of it that no other has."""


@review.command("list")
@click.option("--min", "amount_min", type=AMOUNT, default="0", help="Leave out smaller lines.")
@_customer
@_where
def list_(
    amount_min: Decimal, customer_id: str, ledger: Path | None, config_file: Path | None, *, as_json: bool
) -> None:
    """List the lines that wait for a person, with what is proposed and what else was considered."""
    from reconcile.report.review_texts import print_queue
    from reconcile.review import queue

    _look(ledger, config_file, lambda opened: queue(opened, amount_min, customer_id), print_queue, as_json=as_json)


@review.command()
@click.option("--rank", type=click.IntRange(min=1), default=None, help="The alternative of this rank, as `list` shows.")
@_invoices
@_deciding
def accept(invoices: tuple[str, ...], rank: int | None, **options: Any) -> None:
    """Accept what is proposed for LINE, or an alternative, or just these invoices."""
    _decide("accept", options, invoices, rank=rank or 0)


@review.command()
@_invoices
@_deciding
def reject(invoices: tuple[str, ...], **options: Any) -> None:
    """Say that LINE does not pay what is proposed, or these invoices: they are never proposed for it again."""
    _decide("reject", options, invoices)


@review.command()
@click.option("--customer", "customer_id", default="", help="Whose the excess is, where the invoices do not say it.")
@_invoices
@_deciding
def assign(invoices: tuple[str, ...], customer_id: str, **options: Any) -> None:
    """Assign LINE to these invoices; without amounts each in turn gets what it owes."""
    _decide("assign", options, invoices, customer_id=customer_id)


@review.command("on-account")
@click.option("--customer", "customer_id", required=True, help="Whose money it is.")
@_deciding
def on_account(customer_id: str, **options: Any) -> None:
    """Keep LINE's money as the customer's credit; money out counts against it."""
    _decide("on_account", options, customer_id=customer_id)


@review.command("write-off")
@_invoices
@_deciding
def write_off(invoices: tuple[str, ...], **options: Any) -> None:
    """Apply LINE to what is proposed, or to these invoices, and write off what they still owe."""
    _decide("write_off", options, invoices)


@review.command("not-receivable")
@_deciding
def not_receivable(**options: Any) -> None:
    """Say that LINE's money is no matter of receivables."""
    _decide("not_receivable", options)


@review.command()
@_deciding
def confirm(line: str, reason: str, **options: Any) -> None:
    """Confirm as the second person what waits about LINE."""
    _carry_out(options, lambda desk: desk.confirm(line, reason))


@review.command()
@_deciding
def undo(line: str, reason: str, **options: Any) -> None:
    """Take back the last decision about LINE, a person's or a run's; the history stays."""
    _carry_out(options, lambda desk: desk.undo(line, reason))


@review.command("apply")
@click.argument("file", type=_PATH)
@_by
@_where
def apply_(file: Path, who: str | None, **options: Any) -> None:
    """Carry out the decisions of FILE, which the report saved. What cannot be is refused; the others go on."""
    from reconcile.review import read_decisions

    decisions = read_decisions(file)
    _carry_out(options | {"who": who or decisions.who}, lambda desk: desk.apply(decisions))


@review.command()
@click.argument("line")
@_where
def history(line: str, ledger: Path | None, config_file: Path | None, *, as_json: bool) -> None:
    """Show all that runs and people decided about LINE."""
    from reconcile.report.review_texts import print_line_history
    from reconcile.review import history as history_of

    _look(ledger, config_file, lambda opened: history_of(opened, line), print_line_history, as_json=as_json)


def _decide(action: str, options: dict[str, Any], invoices: tuple[str, ...] = (), **said: Any) -> None:
    from reconcile.review import decided_of

    line, reason = options.pop("line"), options.pop("reason")
    values = {"line_id": line, "action": action, "reason": reason, "customer_id": said.pop("customer_id", "")}
    decided = dataclasses.replace(decided_of(values, tuple(map(_cash, invoices)), ""), **said)
    _carry_out(options, lambda desk: desk.decide(decided))


def _cash(text: str) -> InvoiceCash:
    from reconcile.review import invoice_cash

    name, mark, amount = text.rpartition("=")
    return invoice_cash(name, amount) if mark else invoice_cash(text, "")


def _look(
    ledger: Path | None,
    config_file: Path | None,
    read: Callable[[Any], Any],
    print_it: Callable[..., None],
    *,
    as_json: bool,
) -> None:
    from reconcile.elsewhere import configured
    from reconcile.ledger import open_ledger

    _, path = configured(config_file, ledger)
    with open_ledger(path) as opened:
        told = read(opened)
    tell(told, print_it, as_json=as_json)


def _carry_out(options: dict[str, Any], act: Callable[[ReviewDesk], Applied]) -> None:
    """Act in one transaction; print what came of it, and on stderr, a line each, what was refused: then exit with 3."""
    from reconcile.elsewhere import configured
    from reconcile.report.review_texts import print_applied
    from reconcile.report.safe_text import shown
    from reconcile.review import carry_out

    config, path = configured(options["config_file"], options["ledger"])
    applied = carry_out(path, config, options["who"] or login(), act)
    tell(dataclasses.asdict(applied), print_applied, as_json=options["as_json"])
    for refused in applied.refused:
        where = ": ".join(
            part for part in (refused.place, f"line {refused.line_id}" if refused.line_id else "") if part
        )
        click.echo(f"refused: {shown(where)}: {shown(refused.reason)}", err=True)
    sys.exit(3 if applied.refused else 0)
