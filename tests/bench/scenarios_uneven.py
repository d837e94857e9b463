"""Lines that do not settle an invoice to the cent, or pay none: parts, charges, returns, traps, other money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from tests.bench import scenarios as even
from tests.bench.model import Line
from tests.bench.names import NAMES, company_words
from tests.bench.plan import Plan


def _uneven(p: Plan, cls: str, outcome: str, less: Callable[[int], int], **more: Any) -> Line:
    """Plan a named invoice of which a part is paid; `less` says how much of the total is kept back."""
    customer, day = p.customer(), p.day()
    invoice = p.invoice(customer, day, **more)
    kept = min(less(invoice.total), invoice.total - 1)
    pays = [(invoice, min(invoice.total - kept, invoice.total))]
    return p.line(
        day, invoice.total - kept, cls, outcome, customer=customer, named=[invoice], pays=pays, reference="whole",
        payer=p.rng.choice(("own", "own", "own", "any")), rule="uneven",
    )  # fmt: skip


def discount(p: Plan) -> None:
    percent = p.rng.choice((2, 2, 3))
    line = _uneven(p, "discount", "short_paid", lambda total: (total * percent + 50) // 100)
    invoice = line.pays[0][0]
    invoice.issued = line.booked - dt.timedelta(days=p.rng.randrange(2, 10))
    invoice.due = invoice.issued + dt.timedelta(days=30)
    invoice.discount_percent, invoice.discount_date = (
        percent,
        invoice.issued + dt.timedelta(days=p.rng.choice((10, 14))),
    )


def discount_not_agreed(p: Plan) -> None:
    percent = p.rng.choice((2, 3, 5))
    _uneven(p, "discount_not_agreed", "short_paid", lambda total: (total * percent + 50) // 100)


def bank_charge(p: Plan) -> None:
    charge = max(1, round(p.profile.median * p.unit * p.rng.choice((1, 1.5, 2, 2.5, 3, 4.5, 7)) / 100))
    _uneven(p, "bank_charge", "short_paid", lambda total: min(charge, max(1, total // 4)))


def cents(p: Plan) -> None:
    _uneven(p, "cents", "cents", lambda total: min(p.rng.randrange(1, 6), max(1, total // 50)))


def overpaid(p: Plan) -> None:
    def more(total: int) -> int:
        ten = 10 * p.unit
        ways = [p.rng.randrange(1, 60) * p.unit, -total % ten or ten, total, 9 * 10 ** p.rng.randrange(len(str(total)))]
        return -max(1, p.rng.choice(ways))

    _uneven(p, "overpaid", "overpaid", more)


def partial(p: Plan) -> None:
    customer, day = p.customer(), p.day()
    invoice = p.invoice(customer, day)
    count = p.rng.choice((2, 2, 3))
    part, is_round = invoice.total // count, p.rng.random() < 0.5
    if is_round and part > 10 * p.unit:
        part -= part % (5 * p.unit)
    if part < 1:
        return
    left = invoice.total
    for number in range(1, count + 1):
        paid = left if number == count else part
        left -= paid
        cls, outcome = ("instalment_last", "applied") if not left else ("partial", "short_paid")
        p.line(
            day, paid, cls, outcome, customer=customer, named=[invoice], pays=[(invoice, paid)], reference="part",
            payer=p.rng.choice(("own", "own", "own", "any")), rule="uneven",
        )  # fmt: skip
        day = p.day(after=day, within=25)
        if p.rng.random() < 0.15:
            return


def duplicate(p: Plan) -> None:
    first = even.one(p, "clean", is_unique=True, reference="whole")
    p.line(
        p.day(after=first.booked, within=15), first.amount, "duplicate", "duplicate", customer=first.customer,
        named=first.named, reference="whole",
    )  # fmt: skip


def paid_before(p: Plan) -> None:
    line = even.one(p, "paid_before", is_unique=True, outcome="duplicate", reference="whole")
    line.pays[0][0].amount_due, line.pays[0][0].status = 0, p.rng.choice(("open", "paid"))
    line.pays = []


def returned(p: Plan) -> None:
    is_named = p.rng.random() < 0.7
    first = even.one(p, "clean" if is_named else "name_only", is_unique=True, reference="whole" if is_named else "none")
    back = p.line(
        p.day(after=first.booked, within=8), -first.amount, "returned", "returned", customer=first.customer,
        named=first.named if p.rng.random() < 0.6 else [], pays=[(invoice, -amount) for invoice, amount in first.pays],
        reference="returned", payer="own", earlier=first,
    )  # fmt: skip
    if p.rng.random() < 0.3 and is_named:
        p.line(
            p.day(after=back.booked, within=10), first.amount, "repaid", "applied", customer=first.customer,
            named=first.named, pays=list(first.pays), reference="whole",
        )  # fmt: skip


def refund(p: Plan) -> None:
    customer = p.customer()
    p.line(p.day(), -p.amount(customer, is_unique=True), "refund", "refund", customer=customer, reference="refund")


def prepaid(p: Plan) -> None:
    customer = p.new_customer()
    p.line(p.day(), p.amount(customer), "prepaid", "on_account", customer=customer, reference="prepaid")


def third_party_none(p: Plan) -> None:
    line = even.one(p, "third_party_none", outcome="unmatched", payer="stranger")
    line.stranger, line.customer, line.pays = even.stranger(p), None, []


def coincidence(p: Plan) -> None:
    """A stranger's name holds the words of a customer's, who owes just this amount."""
    line = even.one(p, "coincidence", customer=p.small_customer(), outcome="unmatched", payer="stranger")
    assert line.customer
    names = NAMES[line.customer.tongue]
    more = p.rng.choice([stem for stem in names.stems if stem.split()[0] not in line.customer.words])
    words = line.customer.words
    is_first = p.rng.random() < 0.5 or len(" ".join(words)) > 14  # or the bank would cut off what tells them apart
    line.stranger = " ".join([more, *words] if is_first else [*words, more])
    line.customer, line.pays = None, []


def number_trap(p: Plan) -> None:
    """A stranger's phone, order or contract number happens to be that of an invoice."""
    invoice = p.invoice(p.customer(), p.day())
    name = " ".join(company_words(p.rng, p.profile.tongues[0]))
    amount = invoice.total + p.rng.choice((-1, 1)) * max(7 * p.unit, invoice.total * p.rng.randrange(13, 80) // 100)
    line = p.line(
        p.day(), abs(amount) + 3, "number_trap", "unmatched", payer="stranger",
        stranger=f"{name} {p.rng.choice('QXZ')}",
        reference="trap", named=[],
    )  # fmt: skip
    line.earlier = Line(line.booked, 0, "", "", named=[invoice])


def other_income(p: Plan) -> None:
    amount = round(p.profile.median * p.unit * p.rng.lognormvariate(-1, 1.3)) + 1
    p.line(p.day(), amount, "other_income", "unmatched", payer="none", reference="income")


def debit(p: Plan) -> None:
    amount = round(p.profile.median * p.unit * p.rng.lognormvariate(-0.5, 1.4)) + 1
    p.line(p.day(), -amount, "debit", "ignored", payer="none", reference="debit")


def supplier(p: Plan) -> None:
    """Pay a supplier whose own invoice number looks like one of ours."""
    amount = round(p.profile.median * p.unit * p.rng.lognormvariate(0, 1.2)) + 1
    name = " ".join(company_words(p.rng, p.profile.tongues[0]))
    line = p.line(p.day(), -amount, "supplier", "ignored", payer="stranger", stranger=name, reference="supplier")
    line.earlier = Line(line.booked, 0, "", "", named=[p.rng.choice(p.world.invoices)]) if p.world.invoices else None


def void_quoted(p: Plan) -> None:
    _unpayable(p, "void_quoted", status="void")


def draft_quoted(p: Plan) -> None:
    _unpayable(p, "draft_quoted", status="draft")


def other_currency(p: Plan) -> None:
    line = _unpayable(p, "other_currency", currency="USD" if p.profile.currency != "USD" else "CAD")
    line.named[0].total = line.named[0].amount_due = max(1, line.amount // p.unit) * 108


def _unpayable(p: Plan, cls: str, **facts: str) -> Line:
    line = even.one(p, cls, is_unique=True, outcome="review", reference="whole")
    for name, value in facts.items():
        setattr(line.pays[0][0], name, value)
    line.pays = []
    return line


SCENARIOS: Final[dict[str, Callable[[Plan], None]]] = {
    **{
        name: getattr(even, name)
        for name in (
            "clean", "reformatted", "ref_typo", "ref_truncated", "by_name", "account_only", "alias", "person",
            "multi_refs",
            "multi_ranges", "multi_truncated", "multi_name", "all_open", "oldest_run", "credit_netted", "wrong_ref",
            "stale_ref", "others_ref", "third_party_ref", "sibling_pays", "parent_pays", "parent_no_ref", "agent_ref",
            "advice", "ambiguous",
        )
    },
    "discount": discount, "discount_not_agreed": discount_not_agreed, "bank_charge": bank_charge, "cents": cents,
    "partial": partial, "overpaid": overpaid, "duplicate": duplicate, "paid_before": paid_before,
    "third_party_none": third_party_none, "coincidence": coincidence, "number_trap": number_trap, "prepaid": prepaid,
    "returned": returned, "repaid": returned, "refund": refund, "other_income": other_income, "debit": debit,
    "supplier": supplier, "void_quoted": void_quoted, "draft_quoted": draft_quoted, "other_currency": other_currency,
}  # fmt: skip
"""How each planned class is planned; a plan may make several lines (a receipt and its return)."""
