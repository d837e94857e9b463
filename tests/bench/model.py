"""What a made-up world consists of: customers, invoices and the lines that pay them.

Amounts are whole numbers of the currency's smallest unit. Unlike the core's types these change while a world is
made: what is open goes down as its lines are walked through in the order of their dates.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(eq=False)
class House:
    """Customers that belong together or are called alike; `taken` are amounts that only one of their invoices has."""

    taken: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)


@dataclass(eq=False)
class Customer:
    """Who is invoiced. `words` are the name without its legal form; `person` pays in person; `fee` recurs monthly."""

    customer_id: str
    number: int
    words: list[str]
    form: str
    tongue: str
    house: House
    iban: str = ""
    iban_known: bool = False
    person: str = ""
    aliases: list[str] = field(default_factory=list)
    parent: Customer | None = None
    siblings: list[Customer] = field(default_factory=list)
    fee: int = 0
    terms: int = 30
    invoices: list[Invoice] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name as the customer file has it."""
        return f"{' '.join(self.words)} {self.form}".strip()


@dataclass(eq=False)
class Invoice:
    """An invoice or credit note. `open` is what is owed while the lines are walked through."""

    customer: Customer
    issued: dt.date
    due: dt.date
    total: int
    amount_due: int
    currency: str
    kind: str = "invoice"
    status: str = "open"
    discount_percent: int = 0
    discount_date: dt.date | None = None
    number: str = ""
    invoice_id: str = ""
    creditor_reference: str = ""
    purchase_order: str = ""
    open: int = 0


@dataclass(eq=False)
class Line:
    """One booked entry with its truth.

    `named` is what the text names, `pays` the true allocations. `reference` says how the text names them (whole,
    reformatted, typo, cut, list, list_cut, advice, none) and `payer` how the payer shows (own, alias, person, account,
    none, or a stranger's name in `stranger`). `rule` tells the labels what to check.
    """

    booked: dt.date
    amount: int
    cls: str
    outcome: str
    customer: Customer | None = None
    named: list[Invoice] = field(default_factory=list)
    pays: list[tuple[Invoice, int]] = field(default_factory=list)
    reference: str = "none"
    payer: str = "own"
    stranger: str = ""
    rule: str = ""
    words: str = ""
    earlier: Line | None = None
    kept_prefix: str = ""
    name_field: str = ""
    memo: str = ""
    account: str = ""
    place: int = 0


@dataclass(frozen=True)
class Advice:
    """A remittance advice: what a customer sent apart from the bank."""

    remittance_id: str
    payment_reference: str
    line: Line


@dataclass
class World:
    """Everything that is written into one folder."""

    start: dt.date
    days: int
    currency: str
    decimals: int
    kind: str = ""
    customers: list[Customer] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    advices: list[Advice] = field(default_factory=list)
