"""Say on a terminal what waits for a person, what came of decisions, and what became of a line.

All text is given to rich as plain `Text` with terminal controls shown. Must not: read the ledger, or compute money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from reconcile.money import written
from reconcile.report.safe_text import shown
from reconcile.report.terminal import print_whole

Row = Mapping[str, Any]

ID_SHOWN: Final = 12
"""How many characters of a line's id are printed: enough to name it by."""


def print_queue(lines: Sequence[Row], console: Console) -> None:
    """Print the lines that wait for a person, each with its proposal, the alternatives, and who waits for whom."""
    for line in lines:
        head = f"{line['line_id'][:ID_SHOWN]}  {line['booked_date']}  {_money(line['amount'], line)}"
        print_whole(console, Text(f"{head}  {shown(line['counterparty_name'])}  ({line['outcome']})", style="bold"))
        if line["remittance_text"]:
            print_whole(console, Text(f"    text: {shown(line['remittance_text'])}"))
        if line["proposal"]:
            print_whole(console, Text(f"    proposed ({_percent(line['proposal'][0])}): {_proposal(line)}"))
        print_whole(console, Text(f"    {shown(line['explanation'])}"))
        proposed = sorted(each["invoice_id"] for each in line["proposal"])
        for each in line["alternatives"]:
            if each["invoice_ids"] != proposed:
                what = f"{shown(each['invoice_numbers'])} of {shown(each['customer_id'])}"
                told = f"    --rank {each['rank']} ({_percent(each)}): {what}: {shown(each['why_not'])}"
                print_whole(console, Text(told))
        if line["waiting_who"]:
            told = f"    waits for a second person: {line['waiting_action']} by {shown(line['waiting_who'])}"
            print_whole(console, Text(f"{told} on {line['waiting_since']:%Y-%m-%d %H:%M} UTC", style="yellow"))
    print_whole(console, Text(f"{len(lines)} lines wait for a person." if lines else "Nothing waits for a person."))


def print_applied(told: Row, console: Console) -> None:
    """Print what came of decisions: each where there are few, else counts; and what waits to be posted elsewhere."""
    few = 20
    for done in told["done"] if len(told["done"]) <= few else ():
        word = _STATUS[done["status"]].format(**done)
        print_whole(console, Text(f"{done['line_id'][:ID_SHOWN]}: {done['action'].replace('_', ' ')}: {word}"))
    counts = {status: sum(done["status"] == status for done in told["done"]) for status in _COUNTED}
    said = [f"{count} {_COUNTED[status]}" for status, count in counts.items() if count]
    said += [f"{len(told['refused'])} refused"] if told["refused"] else []
    print_whole(console, Text(", ".join(said) + "." if said else "No decision."))
    if told["postings"]:
        print_whole(
            console,
            Text(
                f"{told['postings']} postings are written down; the next run or `reconcile postings post` sends them."
            ),
        )


def print_line_history(events: Sequence[Row], console: Console) -> None:
    """Print all that was decided about a line, in order."""
    for event in events:
        who = shown(event["who"]) or f"run {event['run_number']}"
        what = ": ".join(word.replace("_", " ") for word in (event["action"], event["outcome"]) if word)
        head = f"{event['happened_at']:%Y-%m-%d %H:%M:%S} UTC  {who}  {what}"
        if event["applied"] or event["on_account"]:
            head += f"  applied {_money(event['applied'], event)}, on account {_money(event['on_account'], event)}"
        print_whole(console, Text(head, style="bold"))
        if told := event["explanation"] or event["reason"]:
            print_whole(console, Text(f"    {shown(told)}"))


_STATUS: Final = {
    "done": "the line is now {outcome}",
    "waiting": "waits for a second person: `reconcile review confirm`",
    "known": "was written down before; nothing changed",
}
_COUNTED: Final = {
    "done": "carried out",
    "waiting": "wait for a second person",
    "known": "written down before and unchanged",
}


def _proposal(line: Row) -> str:
    return ", ".join(
        f"{shown(each['invoice_number'])} {written(each['amount'], line['currency'])}"
        + (f" and {written(each['residual'], line['currency'])} {each['residual_kind']}" if each["residual"] else "")
        for each in line["proposal"]
    )


def _percent(row: Row) -> str:
    return f"{int(row['probability'] * 100)} %"


def _money(amount: Any, row: Row) -> str:
    return f"{written(amount, row['currency'])} {row['currency']}"
