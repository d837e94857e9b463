"""The commands `reconcile payments`: flags in, one change of the ledger or one look into it, a table or JSON out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from reconcile.cli_ledger import COMMON, ledger_path, login, look, tell, with_options
from reconcile.cli_payments_told import analytics, events, receipt, reminders
from reconcile.cli_values import AMOUNT, DAY

if TYPE_CHECKING:
    from reconcile.ledger.payments import Details, PaymentDesk

_amount: Final = click.option("--amount", type=AMOUNT, help="A decimal, 1204.50, in the invoice's currency.")
_details: Final = with_options(
    _amount,
    click.option("--method", help="How it was paid: check, cash, credit_card, paypal ...; `other` unless told."),
    click.option("--date", "payment_date", type=DAY, help="The day of the payment; today unless told."),
    click.option("--reference", help="A transaction's or cheque's number."),
    click.option("--notes", help="At most 500 characters."),
)
_id: Final = click.option("--id", "own_id", default="", help="Your own id: the same request twice is carried out once.")
_reason: Final = click.option("--reason", default="", help="Why.")
_changing: Final = with_options(COMMON, click.option("--by", "who", help="Who does this; you, unless told."))


@click.group()
def payments() -> None:
    """Record payments that no bank line shows, and look at all of them."""


for told in (analytics, receipt, reminders, events):
    payments.add_command(told)


@payments.command()
@click.argument("invoice")
@with_options(_details, _id, _changing)
def record(invoice: str, own_id: str, **options: Any) -> None:
    """Record a payment of INVOICE (its id or number): what it owes, a part, or more."""
    _change(options, lambda desk: desk.record(invoice, _said(options), payment_id=own_id))


@payments.command()
@click.argument("invoice")
@with_options(_details, _reason, _id, _changing)
def fail(invoice: str, own_id: str, reason: str, **options: Any) -> None:
    """Record that an attempt to pay INVOICE failed, and why. No money moves."""
    _change(options, lambda desk: desk.fail(invoice, _said(options), reason, payment_id=own_id))


@payments.command()
@click.argument("payment_id")
@click.option("--failed-because", default="", help="The attempt failed again, and why.")
@with_options(_details, _id, _changing)
def retry(payment_id: str, own_id: str, failed_because: str, **options: Any) -> None:
    """Try a failed payment again: it succeeds, unless --failed-because says otherwise."""
    _change(
        options, lambda desk: desk.retry(payment_id, _said(options), failed_because=failed_because, event_id=own_id)
    )


@payments.command()
@click.argument("payment_id")
@click.option("--replace", "is_replacement", is_flag=True, help="Reset what is left out, instead of keeping it.")
@with_options(_details, _id, _changing)
def update(payment_id: str, own_id: str, is_replacement: bool, **options: Any) -> None:
    """Change a payment that a person recorded. What it was stays in its history."""
    _change(
        options, lambda desk: desk.update(payment_id, _said(options), is_replacement=is_replacement, event_id=own_id)
    )


@payments.command()
@click.argument("payment_id")
@with_options(_reason, _id, _changing)
def delete(payment_id: str, own_id: str, reason: str, **options: Any) -> None:
    """Take a payment back as if it had not been made. It stays in the history."""
    _change(options, lambda desk: desk.delete(payment_id, reason=reason, event_id=own_id))


@payments.command()
@click.argument("payment_id")
@with_options(_amount, _reason, _id, _changing)
def refund(payment_id: str, amount: Decimal | None, own_id: str, reason: str, **options: Any) -> None:
    """Give money of a payment back: all that is left of it, or an amount."""
    _change(options, lambda desk: desk.refund(payment_id, amount, reason=reason, event_id=own_id))


@payments.command()
@click.argument("payment_id")
@with_options(_amount, _reason, _id, _changing)
def credit(payment_id: str, amount: Decimal | None, own_id: str, reason: str, **options: Any) -> None:
    """Keep what a payment brought beyond what was owed, or an amount, as the customer's credit."""
    _change(options, lambda desk: desk.credit(payment_id, amount, reason=reason, event_id=own_id))


@payments.command("apply-credit")
@click.argument("invoice")
@click.option(
    "--from", "source_id", default="", help="The payment or bank line whose credit is taken; else the oldest."
)
@with_options(_details, _id, _changing)
def apply_credit(invoice: str, source_id: str, own_id: str, **options: Any) -> None:
    """Pay INVOICE from its customer's credit: all that it owes and there is, or an amount."""
    _change(options, lambda desk: desk.apply_credit(invoice, _said(options), source_id=source_id, payment_id=own_id))


@payments.command()
@click.argument("payment_id")
@COMMON
def show(payment_id: str, ledger: Path | None, *, as_json: bool) -> None:
    """Show one payment, its events and how its invoice stands."""
    from reconcile.ledger.payment_reads import shown
    from reconcile.report.payment_texts import print_payment

    tell(look(ledger, lambda opened: shown(opened, payment_id)), print_payment, as_json=as_json)


@payments.command("list")
@click.option("--invoice", "invoice_id", default="", help="An invoice's id or number.")
@click.option("--customer", "customer_id", default="", help="A customer's id.")
@click.option("--from", "start_date", type=DAY, help="The first day.")
@click.option("--to", "end_date", type=DAY, help="The last day.")
@click.option("--method", default="", help="How it was paid.")
@click.option("--status", default="", help="completed, partially_refunded, refunded, returned, failed or deleted.")
@click.option("--invoice-status", default="", help="unpaid, partially_paid, paid, overpaid or refunded.")
@click.option("--limit", type=int, default=100, help="How many at most; 100 unless told.")
@click.option("--offset", type=int, default=0, help="How many to leave out first.")
@COMMON
def list_(ledger: Path | None, *, as_json: bool, limit: int, **asked: Any) -> None:
    """List payments, those of bank lines and those recorded by hand, the earliest first."""
    from reconcile.ledger.payment_reads import Asked, listed
    from reconcile.report.payment_texts import print_payments

    one_more = limit + 1 if limit > 0 else limit
    found = look(ledger, lambda opened: listed(opened, Asked(limit=one_more, **asked)))
    tell(found[: max(limit, 0)], print_payments, as_json=as_json)
    if len(found) > limit:
        rest = asked["offset"] + limit
        click.echo(f"reconcile: there are more; --offset {rest} lists the next, --limit more of them", err=True)


@payments.command()
@click.argument("invoice")
@COMMON
def history(invoice: str, ledger: Path | None, *, as_json: bool) -> None:
    """Show an invoice's total, paid, remaining and status, its payments and all that happened to them."""
    from reconcile.ledger.payment_reads import history as history_of
    from reconcile.report.payment_texts import print_history

    tell(look(ledger, lambda opened: history_of(opened, invoice)), print_history, as_json=as_json)


def _said(options: dict[str, Any]) -> Details:
    from reconcile.ledger.payments import Details

    return Details(**{name: options[name] for name in ("amount", "method", "payment_date", "reference", "notes")})


def _change(options: dict[str, Any], act: Callable[[PaymentDesk], str]) -> None:
    """Do one thing in one transaction, hold the ledger against its laws, keep it, and tell the payment as it is now."""
    from reconcile.config import today
    from reconcile.ledger import broken_laws, open_ledger
    from reconcile.ledger.payment_reads import shown
    from reconcile.ledger.payments import PaymentDesk
    from reconcile.report.payment_texts import print_payment

    with (opened := open_ledger(ledger_path(options["ledger"]))) as ledger:
        desk = PaymentDesk(ledger, options["who"] or login(), dt.datetime.now(dt.UTC), today())
        payment = shown(ledger, act(desk))
        broken_laws(ledger)
        opened.keep()
    tell(payment, print_payment, as_json=options["as_json"])
