"""The kinds of trouble a user can meet, each with the exit code of the command.

Bad input raises one of these with a sentence that names the file, the place, the value and what to do.
A programmer's error is none of these: it crashes with its traceback.
"""


class ReconcileError(Exception):
    """Say what a user must mend before the run can go on."""

    exit_code = 2


class UsageError(ReconcileError):
    """Say that the command's options do not fit together or name what is not there."""


class ConfigError(ReconcileError):
    """Say which key or value of a configuration file or bank profile is not usable."""


class ReceivablesError(ReconcileError):
    """Say which row of the invoices, customers or remittances is not usable."""


class PaymentError(ReconcileError):
    """Say why a payment cannot be recorded or changed, and what can be done instead."""


class ReviewError(ReconcileError):
    """Say why a person's decision, or a file of them, cannot be carried out, and what can be done instead."""


class LedgerBusy(ReconcileError):  # noqa: N818 - a state, not a mistake
    """Say which other run holds the ledger."""


class PostingStopped(ReconcileError):  # noqa: N818 - a state, not a mistake
    """Say why nothing (more) is posted to the other system; what is decided stands, and what waits is kept."""

    exit_code = 4


class LedgerError(ReconcileError):
    """Say why the ledger's file cannot be used."""


class ReportError(ReconcileError):
    """Say why the report could not be written; the ledger is as it was before the run."""


class BrokenLaw(ReconcileError):  # noqa: N818 - a law is broken; the run is rolled back
    """Say which law of the ledger a run would have broken, and by which rows."""


class UnreadableStatement(Exception):  # noqa: N818 - the file is rejected, the run goes on
    """Say why one statement file is rejected whole. The run goes on without it."""
