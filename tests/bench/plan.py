"""The makings of a world: its customers, its prices and days, and invoices drawn from them."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate
from random import Random
from typing import Any, Final

from tests.bench.model import Customer, House, Invoice, Line, World
from tests.bench.names import NAMES, company_words, person_name
from tests.bench.noise import folded
from tests.bench.profiles import Profile

VAT_PERCENTS: Final = (0, 7, 10, 19, 20, 21)
PEOPLE_MAX: Final = 12
"""So many customers pay by a person's name: more, and strangers would be called like them."""
FEES_MAX: Final = 18
"""More equal invoices than these, a month apart each, no customer has."""


class Plan:
    """A world while it is planned: all chance comes from its one seed."""

    def __init__(self, profile: Profile, seed: int, lines: int) -> None:
        self.rng = Random(f"{profile}{seed}{lines}")
        self.profile = profile
        start = dt.date(2024, 1, 1) + dt.timedelta(days=self.rng.randrange(900))
        self.world = World(start, self.rng.choice((30, 45, 61)), profile.currency, profile.decimals)
        self.unit = 10**profile.decimals
        self.world.kind = self.rng.choice(profile.formats)
        self.has_accounts = bool(profile.iban_country) and self.world.kind.startswith("csv")
        self.names: set[str] = set()
        self.strangers: set[str] = set()
        self.people: list[Customer] = []
        self.vat = self.rng.sample(VAT_PERCENTS, 3)
        self.prices = [self._price() for _ in range(self.rng.randrange(12, 40))]
        count = max(40, round(lines * profile.customers_per_line))
        self.pool = [self.new_customer() for _ in range(count)]
        self._found_families()
        first = max(4, len(self.pool) // 400)  # nobody owes thousands of invoices
        self.weights = list(accumulate((rank + first) ** -profile.zipf for rank in range(len(self.pool))))

    # Customers.

    def new_customer(self, words: list[str] | None = None, house: House | None = None) -> Customer:
        """Add a customer of a name that nobody else has."""
        rng, profile = self.rng, self.profile
        tongue = profile.tongues[0] if rng.random() < 0.8 else rng.choice(profile.tongues)
        while words is None or folded("".join(words)) in self.names:
            words = company_words(rng, tongue)
            if rng.random() < 0.3:
                words[rng.randrange(len(words))] = self._coined()
        self.names.add(folded("".join(words)))
        number = len(self.world.customers) + 1
        customer = Customer(
            f"{rng.choice('DKC')}{10000 + number}", number, words, rng.choice(NAMES[tongue].forms), tongue,
            house or House(), terms=rng.choice((0, 14, 14, 30, 30, 30, 60)),
        )  # fmt: skip
        if profile.iban_country:
            customer.iban = f"{profile.iban_country}{rng.randrange(10, 98)}{rng.randrange(10**17, 10**18)}"
            customer.iban_known = rng.random() < profile.iban_known
        if rng.random() < 0.25:
            customer.fee = rng.choice(self.prices)
        if rng.random() < 0.12:
            customer.aliases.append(f"{self._coined()} {rng.choice(NAMES[tongue].trades)}".replace("_", " "))
        person = person_name(rng, tongue)
        is_free = folded(person) not in self.names and folded(person) not in self.strangers
        if rng.random() < 0.06 and is_free and len(self.people) < PEOPLE_MAX:
            customer.person = person
            self.people.append(customer)
            self.names.add(folded(person))
            customer.aliases.append(customer.person)
        self.world.customers.append(customer)
        return customer

    def _coined(self) -> str:
        syllables = [self.rng.choice("bdfgklmnprstvz") + self.rng.choice("aeiou") for _ in range(3)]
        return "".join(syllables).capitalize() + self.rng.choice(("", "n", "x", "s", "tec"))

    def _found_families(self) -> None:
        """Make siblings of equal first words, and parents that pay for their children."""
        for first in self.rng.sample(self.pool, max(6, len(self.pool) // 16)):
            trades = NAMES[first.tongue].trades
            words = [first.words[0], self.rng.choice(trades), *first.words[2:]]
            if folded("".join(words)) in self.names:
                continue
            sibling = self.new_customer(words, first.house)
            sibling.siblings.append(first)
            first.siblings.append(sibling)
            if self.rng.random() < 0.6:
                sibling.parent = first
            self.pool.insert(self.rng.randrange(len(self.pool)), sibling)

    def customer(self) -> Customer:
        """Draw a customer: a few have many invoices, many have few."""
        return self.rng.choices(self.pool, cum_weights=self.weights)[0]

    def small_customer(self) -> Customer:
        """Draw a customer, each as likely."""
        return self.rng.choice(self.pool[len(self.pool) // 10 :])

    # Days and amounts.

    def day(self, after: dt.date | None = None, within: int = 0) -> dt.date:
        """Draw a banking day of the world, or one of the days after another."""
        if after is None:
            date = self.world.start + dt.timedelta(days=self.rng.randrange(self.world.days))
        else:
            date = after + dt.timedelta(days=self.rng.randrange(1, within + 1))
        return date + dt.timedelta(days=max(0, 7 - date.isoweekday()) if date.isoweekday() > 6 else 0)

    @property
    def last_day(self) -> dt.date:
        """Return the last day on which lines are booked."""
        return self.world.start + dt.timedelta(days=self.world.days)

    def _price(self) -> int:
        whole = max(1, round(self.profile.median / 3 * self.rng.lognormvariate(0, 0.9)))
        return whole * self.unit - (self.rng.choice((0, 0, 1, 5, 10, 50)) if self.unit >= 100 else 0)

    def _drawn(self, customer: Customer, *, is_odd: bool) -> int:
        roll = 0.99 if is_odd else self.rng.random()
        if customer.fee and roll < 0.8 and len(customer.invoices) < FEES_MAX:
            return customer.fee
        if roll < 0.80:
            net = self.rng.choice(self.prices) * self.rng.randrange(1, 6)
            return net + (net * self.rng.choice(self.vat) + 50) // 100
        return round(self.profile.median * self.unit * self.rng.lognormvariate(0, 1.2)) + 12 * max(1, self.unit // 100)

    def amount(self, customer: Customer, *, is_unique: bool = False) -> int:
        """Draw an invoice's amount; a unique one is like no other of the customer's house."""
        house = customer.house
        while True:
            amount = self._drawn(customer, is_odd=is_unique)
            if is_unique and amount not in house.used and all(amount != u for u in house.taken):
                house.taken.add(amount)
                break
            if not is_unique and amount not in house.taken:
                break
            if not is_unique:
                amount += self.rng.randrange(1, 50)
                if amount not in house.taken:
                    break
        house.used.add(amount)
        return amount

    # Invoices and lines.

    def invoice(
        self, customer: Customer, paid: dt.date, *, is_unique: bool = False, issued: dt.date | None = None, **more: Any
    ) -> Invoice:
        """Add an invoice that is paid on a day: most about when it is due, some early, some very late."""
        rng, total = self.rng, self.amount(customer, is_unique=is_unique)
        roll = rng.random()
        if roll < 0.15:
            late = -rng.randrange(1, 11)
        elif roll < 0.60:
            late = round(rng.gauss(0, 1.5))
        elif roll < 0.90:
            late = round(rng.lognormvariate(2.5, 0.6))
        else:
            late = rng.randrange(45, 90)
        issued = issued or min(paid, paid - dt.timedelta(days=late + customer.terms))
        invoice = Invoice(
            customer, issued, issued + dt.timedelta(days=customer.terms), total, total, self.profile.currency
        )
        for name, value in more.items():
            setattr(invoice, name, value)
        customer.invoices.append(invoice)
        self.world.invoices.append(invoice)
        return invoice

    def line(self, booked: dt.date, amount: int, cls: str, outcome: str, **more: Any) -> Line:
        """Add a line; those booked after the last day are left out of the statements."""
        line = Line(booked, amount, cls, outcome, **more)
        if booked <= self.last_day:
            self.world.lines.append(line)
        return line
