"""Write what stands on the statement for each line: the name's field and the memo, as this world's bank has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.bench.model import Advice, Customer, Invoice, Line, World
from tests.bench.noise import broken, folded, is_one_slip, plain, slip, spelt_out
from tests.bench.numbering import rewritten, spaced
from tests.bench.payers import PayerNames
from tests.bench.profiles import Profile
from tests.bench.texts import AGENTS, TEXTS, Texts

_NAME_PLACES = ("field", "memo", "both", "neither")


class Bank:
    """One world's bank: how long its texts are, what it adds, and how it spells."""

    def __init__(self, rng: Random, profile: Profile, world: World) -> None:
        self.rng = rng
        self.profile = profile
        self.width = rng.choice(profile.widths)
        self.name_width = rng.choice(profile.name_widths)
        self.is_capital = rng.random() < profile.is_plain
        self.spell = spelt_out if rng.random() < 0.4 else plain
        self.adds = rng.choice(("before", "before", "behind", "none", "none"))
        self.is_one_column = rng.random() < 0.15 and profile.name_in[0] < 60
        self.names = PayerNames(rng, world.customers, profile.name_damage)
        self.numbers = {folded(invoice.number): invoice for invoice in world.invoices}
        self.advices: dict[int, Advice] = {id(advice.line): advice for advice in world.advices}
        self.is_separate = not profile.structured[0]

    def write(self, line: Line) -> None:
        """Fill a line's name field and memo."""
        texts = TEXTS[line.customer.tongue if line.customer else self.profile.tongues[0]]
        rng = self.rng
        self._choose_reference(line)
        is_telling = line.reference in (
            "none",
            "cut",
            "typo",
            "list_cut",
            "prepaid",
            "advice",
            "returned",
            "refund",
        ) or (line.outcome == "contested")
        field, inside = self._name(line, must_tell=is_telling)
        body = self._body(line, texts)
        if is_telling and inside and len(body) + 1 + len(inside) > self.width:
            field, inside = inside[: self.name_width], ""  # or the bank would cut off who pays
        decoy = ""
        if rng.random() < 0.12 and line.reference not in ("cut", "list_cut", "trap"):
            decoy = f"{rng.choice(texts.other_numbers)} {rng.randrange(10**4, 10**8)}"
        elif rng.random() < 0.1:
            decoy = f"{rng.choice(texts.customer)} {line.customer.number + 1000}" if line.customer else ""
        if line.reference in ("cut", "list_cut"):
            inside = inside if field == "" else ""
            parts = [part for part in (inside, body) if part]
        else:
            parts = [part for part in (body, inside, decoy, rng.choice(texts.thanks)) if part]
            if len(" ".join(parts)) > self.width:
                parts = [part for part in (body, inside) if part]
            if inside and rng.random() < 0.3:
                parts = [inside, *(part for part in parts if part != inside)]
        memo = " ".join(parts)
        if len(memo) > self.width:  # what matters goes first, as whoever knows the bank writes it
            memo = f"{body} {inside}".strip()
        memo = memo[: self.width].strip()
        line.memo, line.name_field = self._spelt(self._framed(memo, texts, line)), self._spelt(field)

    # The reference.

    def _choose_reference(self, line: Line) -> None:
        """Fall back to what is true of a line where its reference cannot be damaged and stay decidable."""
        if line.reference == "typo" and not self._typo(line):
            line.reference, line.cls, line.rule = "whole", "clean", ""

    def _typo(self, line: Line) -> bool:
        invoice = line.named[0]
        twins = [folded(i.number) for i in invoice.customer.invoices if i is not invoice and i.total == invoice.total]
        free_tries = self.rng.choice((0, 10, 10, 10))
        for attempt in range(30):
            text = slip(self.rng, invoice.number)
            key = folded(text)
            taken = self.numbers.get(key)
            is_alike = any(is_one_slip(key, twin) for twin in twins)
            if key == folded(invoice.number) or is_alike or (taken and attempt < free_tries):
                continue
            if taken and (taken.customer.house is invoice.customer.house or taken.total == invoice.total):
                continue
            line.cls, line.outcome = ("ref_typo_taken", "contested") if taken else (line.cls, line.outcome)
            line.words = text
            return True
        return False

    def _number(self, invoice: Invoice) -> str:
        kind, share = self.profile.structured
        if kind and invoice.creditor_reference and self.rng.random() < share:
            return spaced(self.rng, invoice.creditor_reference)
        return invoice.number

    def _body(self, line: Line, texts: Texts) -> str:
        rng, named = self.rng, line.named
        label = rng.choice(texts.doc if rng.random() < 0.75 else texts.pay)
        numbers = [invoice.number for invoice in named]
        ways: dict[str, Callable[[], str]] = {
            "whole": lambda: self._fit(label, self._number(named[0])),
            "reformatted": lambda: self._fit(label, rewritten(rng, numbers[0])),
            "typo": lambda: self._fit(label, line.words),
            "part": lambda: self._fit(rng.choice((label, rng.choice(texts.part))), numbers[0]),
            "cut": lambda: self._cut(line, label, numbers[0]),
            "list": lambda: self._listed(line, label, numbers),
            "range": lambda: self._fit(label, self._range(line, numbers)),
            "list_cut": lambda: self._list_cut(line, label, numbers),
            "advice": lambda: self._advised(line.words),
            "trap": lambda: f"{rng.choice(texts.other_numbers)} {self._trap(line)}",
            "returned": lambda: (
                " ".join([*numbers, rng.choice(texts.returned)][:: rng.choice((1, -1))])
                if self.width > 60
                else " ".join([*numbers, rng.choice(texts.returned)])[: self.width]
            ),
            "refund": lambda: rng.choice(texts.refund),
            "prepaid": lambda: f"{rng.choice(texts.prepaid)} {rng.randrange(100, 999)}A",
            "income": lambda: f"{rng.choice(texts.income)} {rng.choice(('', str(rng.randrange(10**5, 10**9))))}",
            "debit": lambda: f"{rng.choice(texts.debits)} {rng.choice(('', str(rng.randrange(10**5, 10**9))))}",
            "supplier": lambda: f"{rng.choice(texts.suppliers)} {self._alike(line)}",
            "none": lambda: rng.choice((*texts.pay, label if not label.endswith(("#", ".")) else "")),
        }
        return ways[line.reference]()

    def _cut(self, line: Line, label: str, number: str) -> str:
        line.kept_prefix = number[: -min(self.rng.choice((1, 1, 2, 3)), max(1, len(number) - 3))]
        return self._fit(label, line.kept_prefix)

    def _list_cut(self, line: Line, label: str, numbers: list[str]) -> str:
        kept = self.rng.randrange(1, len(numbers))
        tail = self.rng.choice(("", numbers[kept][: max(1, len(numbers[kept]) // 2)]))
        line.named = line.named[:kept]
        return self._fit(label, " ".join([*numbers[:kept], tail]).strip())

    def _advised(self, quoted: str) -> str:
        return "" if self.rng.random() < 0.25 else self._fit(self.rng.choice(("Avis", "RA", "remittance", "")), quoted)

    def _trap(self, line: Line) -> str:
        assert line.earlier
        return max(re.findall(r"\d+", line.earlier.named[0].number), key=len)

    def _alike(self, line: Line) -> str:
        is_ours = line.earlier is not None and self.rng.random() < 0.6
        return line.earlier.named[0].number if line.earlier and is_ours else f"{self.rng.randrange(1000, 99999)}"

    def _fit(self, label: str, reference: str) -> str:
        """Put a label before a reference where both have room."""
        joined = f"{label}{self.rng.choice((' ', ' ', ' ', ': ', ''))}{reference}" if label else reference
        if label and label[-1].isalnum() and joined.startswith(label + reference[:1]) and reference[:1].isalpha():
            joined = f"{label} {reference}"
        return joined if len(joined) <= self.width else reference[: self.width]

    def _listed(self, line: Line, label: str, numbers: list[str]) -> str:
        rng = self.rng
        if rng.random() < 0.3 and line.cls == "multi_refs":
            order = rng.sample(range(len(numbers)), len(numbers))
            numbers = [numbers[i] for i in order]
            line.named = [line.named[i] for i in order]
        prefix = re.match(r"[A-Za-z]+[-/. ]?", numbers[0])
        if prefix and rng.random() < 0.2:  # the prefix once, then the rest
            numbers = [numbers[0], *(number.removeprefix(prefix[0]) for number in numbers[1:])]
        mark = rng.choice((", ", ",", " ", "/ ", " + ", "; ", " & ", "+"))
        text = mark.join(numbers)
        if len(text) > self.width:
            text = " ".join(numbers)
        if len(text) <= self.width:
            return self._fit(label, text)
        kept = max(1, next((k for k in range(len(numbers), 0, -1) if len(" ".join(numbers[:k])) <= self.width), 1))
        line.named, line.cls, line.rule = line.named[:kept], "multi_truncated", "completes"
        return " ".join(numbers)[: self.width]

    def _range(self, line: Line, numbers: list[str]) -> str:
        """Write numbers that follow each other as a range or with their last digits only, others as a list."""
        rng, split = self.rng, [re.fullmatch(r"(.*?)(\d+)", number) for number in numbers]
        heads = {found[1] for found in split if found}
        tails = [int(found[2]) for found in split if found]
        is_row = (
            len(tails) == len(numbers) and len(heads) == 1 and tails == list(range(tails[0], tails[0] + len(tails)))
        )
        if not is_row or len(numbers) < 2:
            line.cls = "multi_refs"
            return self._listed(line, "", numbers)
        last, way = numbers[-1], rng.choice(("range", "range_short", "shorthand", "shorthand2"))
        if way == "range" and len(numbers) > 2:
            return f"{numbers[0]}{rng.choice((' - ', '-', ' to ', ' .. ', ' bis ', ' t/m '))}{last}"
        size = next(k for k in (1, 2, 3, 4, 9) if all(t // 10**k == tails[0] // 10**k for t in tails))
        if way == "range_short" and len(numbers) > 2:
            return f"{numbers[0]}-{last[-max(size, 2) :]}"
        size = max(size, 2) if way == "shorthand2" else size
        mark = rng.choice(("/", "/", ", ", ",", "+"))
        return mark.join([numbers[0], *(number[-size:] for number in numbers[1:])])

    # The name.

    def _name(self, line: Line, *, must_tell: bool) -> tuple[str, str]:
        """Return what stands in the name's field and what in the memo."""
        rng, customer = self.rng, line.customer
        place = rng.choices(_NAME_PLACES, self.profile.name_in)[0]
        if line.payer == "agent" and customer:
            return rng.choice(AGENTS), self.names.written(customer, width=24, must_tell=False)
        if line.payer in ("none", "account") or (line.payer == "any" and place == "neither" and not must_tell):
            return "", ""
        if (must_tell and place == "neither") or line.payer == "stranger":
            place = "field"
        if place != "memo" and customer and must_tell and not self.names.tells(customer, self.name_width):
            place = "memo"
        room = self.width if place == "memo" else self.name_width
        text = self._who(line, customer, room, must_tell=must_tell)
        if self.is_one_column or place == "memo":
            return "", text
        return text, (text if place == "both" else "")

    def _who(self, line: Line, customer: Customer | None, room: int, *, must_tell: bool) -> str:
        if line.payer == "stranger":
            return line.stranger[:room]
        if customer is None:
            return ""
        if line.payer == "person":
            return customer.person[:room]
        if line.payer == "alias":
            return customer.aliases[0][:room]
        return self.names.written(customer, width=room, must_tell=must_tell)

    # The bank's own.

    def _framed(self, memo: str, texts: Texts, line: Line) -> str:
        rng = self.rng
        if self.profile.is_tagged and rng.random() < 0.7:
            end_to_end = rng.choice(("NOTPROVIDED", f"{rng.randrange(10**9, 10**10)}", f"E2E{rng.randrange(10**6)}"))
            memo = f"EREF+{end_to_end} SVWZ+{memo}"
        elif self.adds == "before" and line.amount > 0 and rng.random() < 0.7:
            memo = f"{rng.choice(texts.bank)} {memo}"
        elif self.adds == "behind" and line.reference not in ("cut", "list_cut") and rng.random() < 0.7:
            code = f"{rng.choice('XYZW')}{rng.randrange(10**8)}{rng.choice('KLM')}"
            memo = f"{memo} {rng.choice(('TRN', 'REF', 'ID'))} {code}"
        pieces = self.profile.pieces
        return broken(memo, pieces, rng.choice(("", " "))) if pieces and rng.random() < 0.5 else memo

    def _spelt(self, text: str) -> str:
        return self.spell(text).upper() if self.is_capital else text
