"""Make a world: a pure function of profile, seed and number of lines. The same three give the same bytes."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.bench import files, labels, memos
from tests.bench.model import World
from tests.bench.numbering import SCHEMES, STRUCTURED
from tests.bench.plan import Plan
from tests.bench.profiles import PROFILES, SHARES, Profile
from tests.bench.scenarios import background
from tests.bench.scenarios_uneven import SCENARIOS

UNPAID_SHARE = 0.40
"""Of all invoices, how many no line pays: without them every line has an answer, and precision is flattered."""


def make_world(name: str, seed: int, lines: int) -> World:
    """Make the world of a profile, with its lines written and its labels true."""
    profile = PROFILES[name]
    plan = Plan(profile, seed, lines)
    shares = SHARES | profile.shares
    classes, weights = list(shares), list(shares.values())
    while len(plan.world.lines) < lines:
        SCENARIOS[plan.rng.choices(classes, weights)[0]](plan)
    for _ in range(round(len(plan.world.invoices) * UNPAID_SHARE / (1 - UNPAID_SHARE))):
        background(plan)
    _number(plan, profile)
    bank = memos.Bank(plan.rng, profile, plan.world)
    for line in plan.world.lines:
        bank.write(line)
        if line.customer and profile.iban_country and line.payer in ("own", "any", "account"):
            line.account = line.customer.iban
    labels.settle(plan.world)
    for place, line in enumerate(plan.world.lines, start=1):
        line.place = place
    return plan.world


def write_world(name: str, seed: int, lines: int, folder: Path) -> World:
    """Write the world of a profile into a folder."""
    world = make_world(name, seed, lines)
    files.write(world, PROFILES[name], Random(f"{name}{seed}"), folder)
    return world


def _number(plan: Plan, profile: Profile) -> None:
    """Give numbers in the order of issue, as companies do; some payers are given a creditor reference."""
    scheme = SCHEMES[plan.rng.choice(profile.schemes)]
    kinds = profile.structured[0].split()
    structured = STRUCTURED[plan.rng.choice(kinds)] if kinds else None
    created = {id(invoice): place for place, invoice in enumerate(plan.world.invoices)}
    plan.world.invoices.sort(key=lambda invoice: (invoice.issued, created[id(invoice)]))
    for customer in plan.world.customers:
        customer.invoices.sort(key=lambda invoice: (invoice.issued, created[id(invoice)]))
    for place, invoice in enumerate(plan.world.invoices):
        invoice.number, invoice.invoice_id = scheme(invoice, place), f"V{300000 + place * 7}"
        invoice.creditor_reference = structured(invoice, place) if structured else ""
