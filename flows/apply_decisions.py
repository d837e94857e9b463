"""Carry out, as a Prefect flow, what a person decided: a file that the report saved, or one line on the form."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.artifacts import leave_decisions
from flows.ends import failed, on_cancellation, on_crashed, on_failure
from flows.forms import FileName, named
from flows.steps import as_task, patiently
from reconcile.elsewhere import configured
from reconcile.errors import ReconcileError, UsageError
from reconcile.review import Applied, InvoiceCash, ReviewDesk, carry_out, decided_of, invoice_cash, read_decisions


class Action(StrEnum):
    """What a person does about a line."""

    ACCEPT = "accept"
    REJECT = "reject"
    ASSIGN = "assign"
    ON_ACCOUNT = "on_account"
    WRITE_OFF = "write_off"
    NOT_RECEIVABLE = "not_receivable"
    CONFIRM = "confirm"
    UNDO = "undo"


def _run_name() -> str:
    parameters = flow_run.parameters
    what = parameters.get("file") or f"{Action(parameters.get('action') or Action.ACCEPT)} {parameters.get('line')}"
    return f"{parameters.get('decided_by')}: {what}"


@flow(
    name="apply-decisions",
    flow_run_name=_run_name,
    persist_result=False,
    validate_parameters=True,
    timeout_seconds=3600,
    on_failure=[on_failure],
    on_crashed=[on_crashed],
    on_cancellation=[on_cancellation],
)
def apply_decisions(
    decided_by: str,
    file: FileName = "",
    line: str = "",
    action: Action = Action.ACCEPT,
    invoices: list[str] = [],  # noqa: B006 - never changed; None would be two buttons on the form
    customer: str = "",
    reason: str = "",
    config: FileName = "",
    ledger: FileName = "",
) -> Any:
    """Carry out what a person decided; what cannot be is refused with its reason, the rest goes on.

    What is posted elsewhere is sent by the next night, or by `post-what-waits`. Returns the `Applied`.

    Args:
        decided_by: Who decides. It stays in the ledger.
        file: A file of decisions that the report's page or workbook saved. Empty: the line below.
        line: The line's id, or a beginning of it that no other has.
        action: What is done about the line. `confirm` is the second person's yes, `undo` takes back the last decision.
        invoices: Invoices or credit notes by id or number, each alone or with the line's cash for it, as INV-1=12.00.
        customer: Whose credit the money is (on_account), or whose the excess is (assign).
        reason: Why. It stays in the ledger.
        config: A TOML file that stands over config/reconcile.toml.
        ledger: The embedded ledger's file. Empty: as configured.
    """

    def act(desk: ReviewDesk) -> Applied:
        if file.strip():
            return desk.apply(read_decisions(Path(file.strip())))
        if action is Action.CONFIRM:
            return desk.confirm(line.strip(), reason)
        if action is Action.UNDO:
            return desk.undo(line.strip(), reason)
        values = {"line_id": line, "action": action.value, "customer_id": customer, "reason": reason}
        return desk.decide(decided_of(values, tuple(map(_cash, invoices)), ""))

    try:
        if bool(file.strip()) == bool(line.strip()):
            raise UsageError("name a file of decisions, or a line: one of them")
        settings, book = configured(named(config), named(ledger))
        applied = as_task("decide", lambda: patiently(lambda: carry_out(book, settings, decided_by.strip(), act)))
    except ReconcileError as error:
        return failed(error)
    leave_decisions(applied, get_run_logger())
    return Completed(name="Needs a look" if applied.refused else "Completed", message=_told(applied), data=applied)


def _cash(text: str) -> InvoiceCash:
    name, mark, amount = text.rpartition("=")
    return invoice_cash(name, amount) if mark else invoice_cash(text, "")


def _told(applied: Applied) -> str:
    """Say how many decisions were carried out, wait for a second person, were known, were refused."""
    words = {"done": "carried out", "waiting": "waiting for a second person", "known": "carried out before"}
    counts = {word: sum(each.status == status for each in applied.done) for status, word in words.items()}
    counts |= {"refused": len(applied.refused), "payments to send": applied.postings}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "the file holds no decision"
