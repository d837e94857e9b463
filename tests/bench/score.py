"""Hold a run's allocations and outcomes against a world's truth.

precision: share of posted allocations that are right (line, invoice, amount). stp: share of lines with a true
allocation that were posted exactly so; found: the same, proposals for review counted too. leaks: lines that pay no
invoice, posted all the same. Lines that are ambiguous count in precision, not in stp and found.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.bench.proof import lower_bound

Key = tuple[str, int]

ACCEPTED: Final[dict[str, frozenset[str]]] = {
    true: frozenset(accepted.split())
    for true, accepted in {
        "applied": "applied",
        "short_paid": "short_paid",
        "cents": "applied short_paid",
        "overpaid": "overpaid",
        "duplicate": "duplicate",
        "on_account": "on_account review unmatched",
        "returned": "returned",
        "refund": "refund review ignored",
        "review": "review unmatched on_account",
        "unmatched": "unmatched review on_account",
        "ignored": "ignored",
        "contested": "applied review",
        "ambiguous": "applied review",
    }.items()
}
"""Which outcomes an accountant takes as meaning the true one."""

BINS: Final = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 1.0001)


@dataclass
class ClassScore:
    """How lines of one class fared."""

    lines: int = 0
    stp: int = 0
    found: int = 0
    wrong: int = 0
    outcome: int = 0


@dataclass
class Score:
    """How a run fared; two scores add up. `bins` has by bin of probability: allocations, expected right, right."""

    lines: int = 0
    payable: int = 0
    stp_lines: int = 0
    found_lines: int = 0
    posted: int = 0
    right: int = 0
    money: Decimal = Decimal(0)
    wrong_money: Decimal = Decimal(0)
    leaks: int = 0
    outcomes: int = 0
    missing: int = 0
    classes: dict[str, ClassScore] = field(default_factory=lambda: defaultdict(ClassScore))
    bins: dict[float, list[float]] = field(default_factory=lambda: {low: [0, 0.0, 0] for low in BINS[:-1]})
    wrong_lines: list[tuple[str, Key]] = field(default_factory=list)

    def __add__(self, other: Score) -> Score:
        total = Score()
        for part in (self, other):
            for name in (
                "lines",
                "payable",
                "stp_lines",
                "found_lines",
                "posted",
                "right",
                "leaks",
                "outcomes",
                "missing",
            ):
                setattr(total, name, getattr(total, name) + getattr(part, name))
            total.money += part.money
            total.wrong_money += part.wrong_money
            for cls, score in part.classes.items():
                for name, value in vars(score).items():
                    setattr(total.classes[cls], name, getattr(total.classes[cls], name) + value)
            for low, counts in part.bins.items():
                total.bins[low] = [a + b for a, b in zip(total.bins[low], counts, strict=True)]
        return total

    def headline(self) -> dict[str, float]:
        """Return the figures by name; shares from 0 to 1."""
        return {
            "lines": self.lines,
            "posted": self.posted,
            "precision": _share(self.right, self.posted),
            "precision_low": lower_bound(self.right, self.posted),
            "wrong_money": float(self.wrong_money / self.money) if self.money else 0.0,
            "stp": _share(self.stp_lines, self.payable),
            "found": _share(self.found_lines, self.payable),
            "leaks": self.leaks,
            "outcome": _share(self.outcomes, self.lines),
            "missing": self.missing,
        }


def score(world: Path, out: Path) -> Score:
    """Score what stands in a run's folder against a world's truth.

    Raises:
        ValueError: the run tells of a line that no statement has, or of one twice.
    """
    truth = truth_of(world)
    classes = {key_of(row): (row["class"], row["outcome"]) for row in rows_of(world / "classes.csv")}
    posted: dict[Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    proposed: dict[Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    probabilities: dict[tuple[Key, str], float] = {}
    for row in rows_of(out / "allocations.csv"):
        into = posted if row["state"] == "posted" else proposed
        into[key_of(row)][row["invoice_id"]] += Decimal(row["amount"])
        probabilities[key_of(row), row["invoice_id"]] = float(row["probability"] or 0)
    outcomes: dict[Key, str] = {}
    for row in rows_of(out / "lines.csv"):
        if key_of(row) in outcomes or key_of(row) not in classes:
            message = f"{key_of(row)} stands twice in lines.csv, or in no statement"
            raise ValueError(message)
        outcomes[key_of(row)] = row["outcome"]
    result = Score(lines=len(classes), missing=len(classes.keys() - outcomes.keys()))
    for key, (cls, outcome) in classes.items():
        _add_line(result, key, cls, outcome, outcomes.get(key, ""), truth.get(key, {}), dict(posted.get(key, {})),
                  dict(proposed.get(key, {})), probabilities)  # fmt: skip
    return result


def truth_of(world: Path) -> dict[Key, dict[str, Decimal]]:
    """Return what each line of a world truly pays: amounts by invoice."""
    truth: dict[Key, dict[str, Decimal]] = defaultdict(dict)
    for row in rows_of(world / "truth.csv"):
        truth[key_of(row)][row["invoice_id"]] = Decimal(row["amount"])
    return truth


def key_of(row: dict[str, str]) -> Key:
    """Return a line's place: its file's name and its row there."""
    return Path(row["source_file"]).name, int(row["source_row"])


def _add_line(
    result: Score,
    key: Key,
    cls: str,
    outcome: str,
    told: str,
    true: dict[str, Decimal],
    posted: dict[str, Decimal],
    proposed: dict[str, Decimal],
    probabilities: dict[tuple[Key, str], float],
) -> None:
    of_class = result.classes[cls]
    of_class.lines += 1
    for invoice_id, amount in posted.items():
        is_right = true.get(invoice_id) == amount
        result.posted += 1
        result.right += is_right
        result.money += abs(amount)
        _add_to_bin(result, probabilities[key, invoice_id], is_right=is_right)
        if not is_right:
            result.wrong_money += abs(amount)
            of_class.wrong += 1
            result.wrong_lines.append((cls, key))
    if true and cls != "ambiguous":
        result.payable += 1
        is_stp, is_found = posted == true, proposed | posted == true
        result.stp_lines += is_stp
        result.found_lines += is_found
        of_class.stp += is_stp
        of_class.found += is_found
    elif posted and not true:
        result.leaks += 1
    is_outcome = told in ACCEPTED[outcome]
    result.outcomes += is_outcome
    of_class.outcome += is_outcome


def _add_to_bin(result: Score, probability: float, *, is_right: bool) -> None:
    for low, high in pairwise(BINS):
        if low <= probability < high:
            counts = result.bins[low]
            result.bins[low] = [counts[0] + 1, counts[1] + probability, counts[2] + is_right]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a table's rows."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tables(result: Score) -> str:
    """Return the tables by class and by probability as text."""
    rows = [f"  {'class':20}{'lines':>7}{'stp':>8}{'found':>8}{'wrong':>7}{'outcome':>9}"]
    for cls, c in sorted(result.classes.items(), key=lambda item: -item[1].lines):
        shares = (
            f"{_share(c.stp, c.lines):8.1%}{_share(c.found, c.lines):8.1%}{c.wrong:7}{_share(c.outcome, c.lines):9.1%}"
        )
        rows.append(f"  {cls:20}{c.lines:7}{shares}")
    rows.append(f"  {'probability from':20}{'posted':>7}{'expected':>10}{'observed':>10}")
    for low, (count, expected, right) in result.bins.items():
        if count:
            rows.append(f"  {low:<20}{count:7}{expected / count:10.4%}{right / count:10.4%}")
    return "\n".join(rows)


def heading(
    result: Score, names: Sequence[str] = ("precision", "precision_low", "wrong_money", "stp", "found", "outcome")
) -> str:
    """Return the figures in one line."""
    figures = result.headline()
    return " ".join(f"{name}={figures[name]:.4f}" for name in names) + f" leaks={result.leaks} missing={result.missing}"


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
