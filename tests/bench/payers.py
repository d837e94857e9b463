"""How a payer's name reaches a statement: cut, run together, misspelt, without its legal form, in another order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from tests.bench.model import Customer
from tests.bench.names import NAMES
from tests.bench.noise import folded, name_slip


class PayerNames:
    """Writes names, and knows which customers a damaged name could still mean."""

    def __init__(self, rng: Random, customers: Sequence[Customer], damage: float) -> None:
        self.rng = rng
        self.damage = damage
        self.by_start: dict[str, set[Customer]] = defaultdict(set)
        self.words: dict[Customer, list[str]] = {}
        for customer in customers:
            self.words[customer] = _words(" ".join([*customer.words, *customer.aliases]))
            for word in self.words[customer]:
                self.by_start[word[:3]].add(customer)

    def written(self, customer: Customer, *, width: int, must_tell: bool) -> str:
        """Write a customer's name as payers and banks do; where it must tell, as no other customer's."""
        for _ in range(6):
            text = self._variant(customer).strip()[:width].strip()
            if not must_tell or self._tells(customer, text):
                break
        else:
            text = customer.name[:width].strip()
        is_whole = text.startswith(" ".join(customer.words))
        roll = self.rng.random()
        if is_whole and roll < self.damage / 4:
            text = name_slip(self.rng, text)
        elif is_whole and roll < self.damage / 2 and len(customer.words) > 1:
            text = text.replace(" ", "")
        return text

    def tells(self, customer: Customer, width: int) -> bool:
        """Return whether a customer's name, cut to a width, is no other customer's."""
        return self._tells(customer, customer.name[:width])

    def _variant(self, customer: Customer) -> str:
        rng, words, form = self.rng, list(customer.words), customer.form
        if rng.random() > self.damage:
            return customer.name if rng.random() < 0.75 else " ".join(words)
        way = rng.choice(("form", "form", "order", "short", "initials", "fewer", "branch"))
        if way == "form":
            form = rng.choice(NAMES[customer.tongue].forms)
        elif way == "order" and len(words) > 1:
            words = [*words[1:], words[0]]
        elif way == "short":
            words = [word if len(word) < 8 else word[: rng.randrange(5, 8)] for word in words]
        elif way == "initials" and len(words) > 2:
            words = [words[0], words[1], *(word[:1] for word in words[2:])]
        elif way == "fewer" and len(words) > 2:
            words = words[:2]
        elif way == "branch":
            form = f"{form} {rng.choice(('Int', 'Group', 'Holding', 'Intl'))}"
        return f"{' '.join(words)} {form if rng.random() < 0.7 else ''}"

    def _tells(self, customer: Customer, text: str) -> bool:
        own = set(self.words[customer])
        kept = [word for word in _words(text) if any(mine.startswith(word) for mine in own)]
        if not kept or sum(map(len, kept)) < 5:
            return False
        others = set.intersection(*(self.by_start.get(word[:3], set()) for word in kept)) - {customer}
        if not others:
            return True
        fits = [o for o in others if all(any(mine.startswith(word) for mine in self.words[o]) for word in kept)]
        # A name that the text has whole means that customer, though another's longer name holds it too.
        is_whole = set(_words(" ".join(customer.words))) <= set(kept)
        return not fits or (is_whole and all(set(self.words[o]) > own for o in fits))


def _words(name: str) -> list[str]:
    return [word for word in (folded(part) for part in name.replace("-", " ").split()) if len(word) >= 3]
