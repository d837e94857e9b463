"""What customers do with their invoices: one function a class of line, each with its true outcome."""

from __future__ import annotations

from typing import Any

from tests.bench.model import Advice, Customer, Invoice, Line
from tests.bench.names import person_name
from tests.bench.noise import folded
from tests.bench.plan import Plan


def one(p: Plan, cls: str, *, customer: Customer | None = None, is_unique: bool = False, **more: Any) -> Line:
    """Plan a line that pays one new invoice to the last cent."""
    customer, day = customer or p.customer(), p.day()
    invoice = p.invoice(customer, day, is_unique=is_unique)
    named = [] if more.get("reference", "none") == "none" else [invoice]
    facts: dict[str, Any] = {"customer": customer, "named": named, "pays": [(invoice, invoice.total)]} | more
    return p.line(day, invoice.total, cls, facts.pop("outcome", "applied"), **facts)


def clean(p: Plan) -> None:
    one(p, "clean", reference="whole", payer="any")


def reformatted(p: Plan) -> None:
    one(p, "reformatted", reference="reformatted", payer="any")


def ref_typo(p: Plan) -> None:
    one(p, "ref_typo", reference="typo", payer="own", rule="typo")


def ref_truncated(p: Plan) -> None:
    one(p, "ref_truncated", reference="cut", payer="own", rule="cut")


def by_name(p: Plan) -> None:
    one(p, "name_only", rule="single")


def account_only(p: Plan) -> None:
    known = [customer for customer in p.pool if customer.iban_known]
    if known and p.has_accounts:
        one(p, "account_only", customer=p.rng.choice(known), payer="account", rule="single")


def alias(p: Plan) -> None:
    known = [customer for customer in p.pool if customer.aliases and not customer.person]
    one(p, "alias", customer=p.rng.choice(known), payer="alias", rule="single")


def person(p: Plan) -> None:
    known = [customer for customer in p.pool if customer.person]
    if known:
        one(p, "person", customer=p.rng.choice(known), payer="person", rule="single")


def several(p: Plan, cls: str, count: int, customer: Customer, **more: Any) -> Line:
    """Plan a line that pays several invoices, issued a day or weeks apart; those of one day are numbered in a row."""
    day = p.day()
    first = p.invoice(customer, day)
    is_row = more.pop("is_row", p.rng.random() < 0.4)
    invoices = [first, *(p.invoice(customer, day, issued=first.issued if is_row else None) for _ in range(count - 1))]
    facts = {"customer": customer, "pays": [(invoice, invoice.total) for invoice in invoices]} | more
    facts.setdefault("named", [] if facts.get("reference", "none") == "none" else invoices)
    return p.line(day, sum(invoice.total for invoice in invoices), cls, facts.pop("outcome", "applied"), **facts)


def multi_refs(p: Plan) -> None:
    count = 2 + min(7, int(p.rng.expovariate(0.6)))
    several(p, "multi_refs", count, p.customer(), reference="list", payer="any")


def multi_ranges(p: Plan) -> None:
    several(p, "multi_ranges", p.rng.randrange(2, 6), p.customer(), reference="range", payer="any", is_row=True)


def multi_truncated(p: Plan) -> None:
    several(p, "multi_truncated", p.rng.randrange(2, 7), p.small_customer(), reference="list_cut", rule="completes")


def multi_name(p: Plan) -> None:
    several(p, "multi_name", p.rng.randrange(2, 4), p.small_customer(), rule="set")


def all_open(p: Plan) -> None:
    several(p, "all_open", p.rng.randrange(3, 10), p.new_customer(), rule="set")


def oldest_run(p: Plan) -> None:
    customer = p.new_customer()
    line = several(p, "oldest_run", p.rng.randrange(2, 5), customer, rule="set")
    for _ in range(p.rng.randrange(2, 5)):
        p.invoice(customer, line.booked, issued=max(invoice.issued for invoice, _ in line.pays), is_unique=True)


def credit_netted(p: Plan) -> None:
    customer, day = p.small_customer(), p.day()
    invoices = [p.invoice(customer, day, is_unique=True) for _ in range(p.rng.randrange(1, 4))]
    part = max(1, invoices[0].total * p.rng.randrange(5, 60) // 100)
    credit = p.invoice(customer, day, issued=invoices[0].issued, kind="credit_note", total=part, amount_due=part)
    customer.house.taken.add(part)
    pays = [*((invoice, invoice.total) for invoice in invoices), (credit, -part)]
    p.line(
        day, sum(amount for _, amount in pays), "credit_netted", "applied", customer=customer, pays=pays,
        named=[*invoices, credit], reference="list",
    )  # fmt: skip


def advice(p: Plan) -> None:
    count, number = p.rng.randrange(3, 16), len(p.world.advices) + 1
    line = several(p, "advice", count, p.customer(), named=[], reference="advice", payer="any")
    quoted = f"{p.rng.choice(('RA', 'AVIS', 'ZA'))}{p.rng.randrange(10, 99)}{70000 + number}"
    p.world.advices.append(Advice(quoted, f"EB{p.rng.randrange(10**7, 10**8)}" if number % 3 == 0 else "", line))
    line.words = p.world.advices[-1].payment_reference or quoted


def third_party_ref(p: Plan) -> None:
    one(p, "third_party_ref", reference="whole", payer="stranger", stranger=stranger(p))


def agent_ref(p: Plan) -> None:
    one(p, "agent_ref", reference="whole", payer="agent")


def sibling_pays(p: Plan) -> None:
    related = [customer for customer in p.pool if customer.siblings]
    customer = p.rng.choice(related)
    one(p, "sibling_pays", customer=customer, reference="whole", payer="stranger", stranger=customer.siblings[0].name)


def parent_pays(p: Plan) -> None:
    children = [customer for customer in p.pool if customer.parent]
    if children:
        customer = p.rng.choice(children)
        assert customer.parent
        one(p, "parent_pays", customer=customer, reference="whole", payer="stranger", stranger=customer.parent.name)


def parent_no_ref(p: Plan) -> None:
    children = [customer for customer in p.pool if customer.parent]
    if children:
        customer = p.rng.choice(children)
        assert customer.parent
        facts: dict[str, Any] = {"payer": "stranger", "stranger": customer.parent.name, "outcome": "contested"}
        one(p, "parent_no_ref", customer=customer, is_unique=True, **facts)


def wrong_ref(p: Plan) -> None:
    line = one(p, "wrong_ref", is_unique=True, outcome="contested", reference="whole")
    other = p.invoice(_owner(line), p.day(), issued=line.pays[0][0].issued, is_unique=True)
    line.named = [other]


def stale_ref(p: Plan) -> None:
    line = one(p, "stale_ref", is_unique=True, outcome="contested", reference="whole")
    line.named = [p.invoice(_owner(line), p.day(), issued=line.pays[0][0].issued, is_unique=True, amount_due=0)]
    line.named[0].status = p.rng.choice(("open", "paid"))


def others_ref(p: Plan) -> None:
    line = one(p, "others_ref", is_unique=True, outcome="contested", reference="whole")
    other = p.customer()
    while other.house is _owner(line).house:
        other = p.customer()
    line.named = [p.invoice(other, p.day(), issued=line.pays[0][0].issued, is_unique=True)]


def ambiguous(p: Plan) -> None:
    customer = p.new_customer()
    line = several(p, "ambiguous", 2, customer, outcome="ambiguous")
    (first, _), (second, _) = line.pays
    shift = max(1, min(first.total, second.total) // p.rng.randrange(3, 9))
    for total in (first.total + shift, second.total - shift):
        p.invoice(customer, line.booked, issued=first.issued, total=total, amount_due=total)


def _owner(line: Line) -> Customer:
    assert line.customer
    return line.customer


def stranger(p: Plan) -> str:
    """Draw a person's name that no customer has, nor is known to pay by."""
    while folded(name := person_name(p.rng, p.profile.tongues[0])) in p.names:
        pass
    p.strangers.add(folded(name))
    return name


def background(p: Plan) -> Invoice:
    """Plan an invoice that no line pays: most are open, some are paid, void, drafts, or in another currency."""
    customer = p.customer()
    invoice = p.invoice(customer, p.day(after=p.last_day, within=60))
    roll = p.rng.random()
    if roll < 0.10:
        invoice.amount_due, invoice.status = 0, p.rng.choice(("paid", "open"))
    elif roll < 0.12:
        invoice.status = p.rng.choice(("void", "draft"))
    elif roll < 0.14:
        invoice.currency = "USD" if p.profile.currency != "USD" else "CAD"
        invoice.total = invoice.amount_due = max(1, invoice.total // p.unit) * 100
    return invoice
