"""The commands `reconcile payments` that tell others of payments: figures, receipts, reminders and events."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from reconcile.cli_ledger import COMMON, ledger_path, login, look, tell, with_options
from reconcile.cli_values import DAY, INSTANT
from reconcile.errors import PaymentError

_PATH = click.Path(path_type=Path)
_AS_OF = click.option("--as-of", type=DAY, help="The date that counts as today.")


@click.command()
@click.option("--period", default="30d", help="How many days, up to today; 30d unless told.")
@with_options(
    click.option("--as-of", type=DAY, help="The period's last day; what is paid is told as it stands now."), COMMON
)
def analytics(period: str, as_of: dt.date | None, ledger: Path | None, *, as_json: bool) -> None:
    """Tell how the invoices issued in a period were paid, and what cash came in."""
    from reconcile.config import today
    from reconcile.ledger.payment_analytics import analytics as analytics_of
    from reconcile.report.payment_texts import print_analytics

    day = as_of or today()
    if day < today():
        click.echo(f"reconcile: the period ends {day}; what of it is paid is told as the ledger holds it now", err=True)
    tell(look(ledger, lambda opened: analytics_of(opened, period, day)), print_analytics, as_json=as_json)


@click.command()
@click.argument("payment_id")
@click.option("--out", type=_PATH, help="The file to write it to; else it is printed.")
@click.option("--ledger", type=_PATH, help="The embedded ledger's file.")
def receipt(payment_id: str, out: Path | None, ledger: Path | None) -> None:
    """Write a text that confirms a payment, of a bank line or by hand."""
    from reconcile.ledger.payment_reads import shown
    from reconcile.report.payment_letters import receipt as receipt_of

    text = receipt_of(look(ledger, lambda opened: shown(opened, payment_id)))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{out}: the receipt cannot be written: {error.strerror}"
        raise PaymentError(message) from None


@click.command()
@click.option("--config", "config_file", type=_PATH, help="A TOML file that stands over config/reconcile.toml.")
@click.option("--mark-sent", is_flag=True, help="Write down that they were sent: the next call lists only new ones.")
@click.option("--by", "who", help="Who does this; you, unless told.")
@with_options(_AS_OF, COMMON)
def reminders(
    config_file: Path | None,
    who: str | None,
    as_of: dt.date | None,
    ledger: Path | None,
    *,
    mark_sent: bool,
    as_json: bool,
) -> None:
    """List the invoices that are due for a reminder, with the text for each. Nothing is sent."""
    from reconcile.config import load, today
    from reconcile.ledger import open_ledger
    from reconcile.ledger.reminders import due_reminders
    from reconcile.ledger.reminders import mark_sent as mark
    from reconcile.report.payment_letters import reminder
    from reconcile.report.payment_texts import print_reminders

    config = load(config_file)
    schedule = config.reminders
    with (opened := open_ledger(ledger_path(ledger or config.output.ledger))) as book:
        due = due_reminders(book, schedule.days_before, schedule.days_after, as_of or today())
        # Told first: where it cannot be told, nothing was sent.
        tell([row | {"text": reminder(row)} for row in due], print_reminders, as_json=as_json)
        if mark_sent and due:
            mark(book, due, who or login(), dt.datetime.now(dt.UTC))
            opened.keep()


@click.command()
@click.option("--since", type=INSTANT, required=True, help="A day, or an instant as 2026-10-31T02:00:00Z.")
@click.option("--ledger", type=_PATH, help="The embedded ledger's file.")
def events(since: dt.datetime, ledger: Path | None) -> None:
    """Print what the ledger learned since then, as the events of webhooks: one JSON object a line."""
    import simplejson

    from reconcile.ledger.payment_webhooks import events_since

    for event in look(ledger, lambda opened: events_since(opened, since)):
        click.echo(simplejson.dumps(event, use_decimal=True, allow_nan=False))
