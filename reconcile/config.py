"""Settings of a run: `config/reconcile.toml`, a user's file over it, the command's flags over both.

Strict: an unknown key, a missing key or a value of another kind is a `ConfigError` that names it. Secrets never
stand here. Nothing else reads configuration.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, get_type_hints

from reconcile.errors import ConfigError
from reconcile.strict_toml import sections_of, toml_of
from reconcile.unattended import Notify, Schedule

ROOT: Final = Path(__file__).resolve().parent.parent
"""The project's own folder: the command runs from a checkout, whose `config/` and `data/` stand beside the package."""

DEFAULTS: Final = ROOT / "config" / "reconcile.toml"
SAMPLES: Final = ROOT / "data" / "samples"


@dataclass(frozen=True)
class Input:
    """Where statements, invoices, customers, remittances and the user's bank profiles lie."""

    statements: tuple[Path, ...]
    invoices: Path | None
    customers: Path | None
    remittances: Path | None
    banks: Path | None


@dataclass(frozen=True)
class Output:
    """Where the ledger and the match report go."""

    ledger: Path | None
    out: Path | None


@dataclass(frozen=True)
class Limits:
    """What is refused because no honest file is like that."""

    statement_megabytes_max: int


@dataclass(frozen=True)
class MatchSettings:
    """Windows, in days, inside which a candidate is looked for."""

    prepaid_days_max: int
    overdue_days_max: int
    return_days_max: int


@dataclass(frozen=True)
class Gate:
    """What a decision must reach to be posted without a person. Probabilities from 0 to 1."""

    probability_min: Decimal
    margin_min: Decimal
    posted_amount_max: Decimal
    posted_total_max: Decimal
    proposal_probability_min: Decimal

    def __post_init__(self) -> None:
        for key in ("probability_min", "margin_min", "proposal_probability_min"):
            if getattr(self, key) > 1:
                message = f'gate.{key} = "{getattr(self, key)}" is no probability from 0 to 1'
                raise ConfigError(message)


@dataclass(frozen=True)
class Tolerance:
    """Which differences are booked without a person, in smallest units or in the line's currency."""

    rounding_units_max: int
    bank_charge_amount_max: Decimal
    discount_grace_days: int


@dataclass(frozen=True)
class Review:
    """What people's decisions may bring about, and how far a payer that they taught is believed until confirmed."""

    second_person_amount_min: Decimal
    write_off_amount_max: Decimal
    alias_confirmations_min: int
    alias_posted_amount_max: Decimal
    rule_prior_lines: int


REMINDER_DAYS_MAX: Final = 3650
"""How far from its due date an invoice may be reminded; a longer time is a slip."""

LEDGER_ONLY: Final = "ledger"
SYSTEMS: Final = (LEDGER_ONLY, "invoicing_v1", "invoiless", "auxvault", "harvest", "space_invoices")


@dataclass(frozen=True)
class Connector:
    """Which invoicing system payments are recorded in, and how it is reached.

    token_env: the name of the environment variable that holds the secret; the secret itself never stands in a file.
    tenant_id, scope_id, organization_id: of auxvault, invoiless and space_invoices.
    """

    system: str
    base_url: str = ""
    token_env: str = ""
    tenant_id: str = ""
    scope_id: str = ""
    organization_id: str = ""

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            message = f'connector.system = "{self.system}" is not known: it is one of {", ".join(SYSTEMS)}'
            raise ConfigError(message)


@dataclass(frozen=True)
class Post:
    """How patiently an invoicing system is asked, and how much is under way at a time; see `config/reconcile.toml`."""

    deadline_seconds: Decimal
    attempts_max: int
    pause_seconds: Decimal
    pause_seconds_max: Decimal
    requests_per_second: Decimal | None
    requests_at_once_max: int
    answer_kilobytes_max: int
    visibility_delay_seconds: Decimal
    batch_postings_max: int
    passes_max: int

    def __post_init__(self) -> None:
        for key in (
            "deadline_seconds", "attempts_max", "requests_at_once_max", "answer_kilobytes_max", "batch_postings_max",
            "passes_max",
        ):  # fmt: skip
            if not getattr(self, key):
                message = f"post.{key} must be more than 0"
                raise ConfigError(message)


@dataclass(frozen=True)
class Reminders:
    """At which days before and after its due date an invoice that is not paid is due for a reminder."""

    days_before: tuple[int, ...]
    days_after: tuple[int, ...]

    def __post_init__(self) -> None:
        for key in ("days_before", "days_after"):
            if any(days > REMINDER_DAYS_MAX for days in getattr(self, key)):
                message = f"reminders.{key} holds more than {REMINDER_DAYS_MAX} days"
                raise ConfigError(message)


@dataclass(frozen=True)
class Config:
    """All settings of a run."""

    input: Input
    output: Output
    limits: Limits
    match: MatchSettings
    gate: Gate
    tolerance: Tolerance
    review: Review
    connector: Connector
    post: Post
    reminders: Reminders
    schedule: Schedule
    notify: Notify

    @property
    def posts(self) -> bool:
        """Say whether payments are recorded in another system too."""
        return self.connector.system != LEDGER_ONLY

    def policy_id(self) -> str:
        """Return a short hash of the settings that a night's decisions depend on; what people may is none of them."""
        review = self.review
        taught = (review.alias_confirmations_min, review.alias_posted_amount_max, review.rule_prior_lines)
        parts = (self.limits, self.match, self.gate, self.tolerance, taught, self.connector)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def with_samples(self) -> Config:
        """Return the settings with what is left empty filled in: the samples where no input is named at all.

        Samples and a user's own files never share a ledger or a report folder.

        Raises:
            ConfigError: statements are named and invoices are not, or the other way round.
        """
        given = self.input
        data = ROOT / "data"
        if given.statements or given.invoices or given.customers or given.remittances:
            if not given.statements:
                raise ConfigError("no statements are named: give --statements PATH (or [input] statements)")
            if given.invoices is None and not self.posts:
                raise ConfigError("no invoices are named: give --invoices FILE (or [input] invoices)")
            ledger, out, filled = data / "ledger.duckdb", data / "report", given
        else:
            filled = dataclasses.replace(
                given,
                statements=(SAMPLES / "statements",),
                invoices=SAMPLES / "invoices.csv",
                customers=given.customers or SAMPLES / "customers.csv",
                remittances=given.remittances or SAMPLES / "remittances.csv",
            )
            ledger, out = data / "samples.duckdb", data / "samples-report"
        output = Output(ledger=self.output.ledger or ledger, out=self.output.out or out)
        return dataclasses.replace(self, input=filled, output=output)

    def output_in_use(self) -> tuple[Path, Path]:
        """Return the ledger and the report folder of a command that reads no statements, as configured.

        Else they are those of the user's own files; those of the samples where there is no other ledger.
        """
        own, samples = ROOT / "data" / "ledger.duckdb", ROOT / "data" / "samples.duckdb"
        has_own = own.is_file() or bool(self.input.statements or self.input.invoices)
        ledger = self.output.ledger or (own if has_own or not samples.is_file() else samples)
        return ledger, self.output.out or ROOT / "data" / ("samples-report" if ledger == samples else "report")


def load(user_file: Path | None = None, flags: dict[str, dict[str, Any]] | None = None) -> Config:
    """Read the settings: the defaults, the user's file over them, flags (`{section: {key: value}}`) over both.

    Paths in a file are relative to that file's folder.

    Raises:
        ConfigError: a file that is not there or no TOML, an unknown key, a value of another kind.
    """
    hints = get_type_hints(Config)
    merged = sections_of(toml_of(DEFAULTS), hints, DEFAULTS)
    if user_file is not None:
        for section, values in sections_of(toml_of(user_file), hints, user_file, partial=True).items():
            merged[section] |= values
    for section, values in (flags or {}).items():
        merged[section] |= values
    return Config(**{name: hints[name](**values) for name, values in merged.items()})


def today() -> dt.date:
    """Return the machine's local date, which counts as today unless `--as-of` says otherwise."""
    return dt.datetime.now().astimezone().date()
