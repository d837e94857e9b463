"""Propose which open items each undecided line may pay, with the evidence; decide nothing.

In: the ledger's open connection, whose undecided lines, items, customers and remittances are laid out as tables of
the run. Out: `Candidates`, frames that `resolve` reads. Must not: write to the ledger, choose, or know a tolerance's
meaning beyond whether it is met.

The list of sources is the table of contents. A new source is one `.sql` that makes (line, explanation, invoice,
amount) rows, its line in `SOURCES`, and one test file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import duckdb
import polars as pl

from reconcile.config import Config
from reconcile.match.candidates import Candidates
from reconcile.match.layout import Layout, keep, lay_out, with_line_keys
from reconcile.match.sets import ITEMS_MAX, search_sets
from reconcile.match.tables import table
from reconcile.match.words import RETURN_CODES, any_of, words
from reconcile.sql import sql, used

__all__ = ["CROWD_ITEMS_MIN", "Candidates", "Layout", "lay_out", "propose", "propose_clear", "propose_money_out"]

SOURCES: Final = (
    "named_item",
    "named_together",
    "named_completed",
    "payers_item",
    "remittance_advice",
    "payers_run",
    "payers_pair",
    "payers_short_item",
)


WEIGHING: Final = (
    "candidate_items",
    "named_ranges",
    "explanations",
    "loose_sets",
    "evidence",
    "scores",
    "kinds",
    "calibrated",
)
"""How candidates become explanations with a probability, in order; each relation reads those before it."""

NOT_LOOKED_FOR: Final = {
    "sets": "0::bigint as line_id, '' as explanation_id, '' as invoice_id, 0::decimal(18, 3) as item_amount, "
    "0::double as set_rarity",
    "typos": "0::bigint as line_id, '' as invoice_id, '' as typo_level",
    "settled": "0::bigint as line_id, false as is_same_amount, false as is_another_payer",
}
"""What clear lines are not held against, and the columns that weighing reads of it."""

EXPLAINED_ITEMS: Final = (
    "select line_id, explanation_id, invoice_id, item_amount, discount_amount from match_candidate_items "
    "order by explanation_id, invoice_id"
)

WAITING: Final = ("lines", "references", "payers", "items")
"""What concerns the lines that are still waiting, in order: they, whom they name, who may be paying, what those owe."""

EQUAL_ITEMS_MAX: Final = 200
"""How many equal items of one customer are proposed, the oldest: more than any night's receipts could pay."""

NO_NAMES: Final = ("return_words", "refund_words", "month_words", "date_words", "payment_words", "courtesy_words")
"""Lists of words that say nothing of whom a return concerns."""

CHARGE_UNITS_MAX: Final = 5000
"""By how many of the currency's smallest units, and a tenth, a receipt may be short as by a bank's charge."""

CROWD_ITEMS_MIN: Final = 1000
"""From how many open items of one customer on none are combined: nobody would look through them."""


def propose_clear(layout: Layout, config: Config) -> Candidates:
    """Propose what is clear without looking further: lines that name, surely and to the cent, what no other line names.

    Most lines are like that. Whatever else might explain them would be less likely, so nothing else is looked for;
    lines that are not clear have no explanation here.

    Args:
        layout: what `lay_out` made.
        config: windows and tolerances.
    """
    con, limits = layout.con, _limits(config)
    keep(con, "match_waiting", sql("match", "clear_lines"))
    _lay_out_waiting(con)
    _find(con, ("named_item", "named_together"), limits)
    for name, columns in NOT_LOOKED_FOR.items():
        keep(con, f"match_{name}", f"select {columns} where false")
    keep(con, "match_candidates", sql("match", "candidates"))
    _weigh(con, limits)
    clear = layout.told(sql("match", "clear_explanations"))
    nothing = clear.clear()
    return Candidates(
        explanations=clear,
        items=layout.told(EXPLAINED_ITEMS),
        payers=layout.told("select * from match_payers order by line_id, customer_id"),
        settled=nothing,
        money_out=nothing,
        refused_sets=nothing,
        named=nothing,
        learned=layout.told(sql("match", "learned")),
    )


def propose(layout: Layout, lines: pl.DataFrame, config: Config) -> Candidates:
    """Propose explanations for the lines that are left, given what is owed now.

    Args:
        layout: what `lay_out` made.
        lines: those of the lines laid out that are still undecided.
        config: windows and tolerances.
    """
    con, limits = layout.con, _limits(config)
    _wait(layout, lines.filter(pl.col("amount") > 0))
    for name in ("sure_payers", "payers_items"):
        keep(con, f"match_{name}", sql("match", name), limits)
    _find(con, SOURCES, limits)
    searched = sql("match", "set_search")
    sets = search_sets(con.sql(searched, params=used(searched, limits)).pl())
    table(con, "match_sets", sets.found)
    keep(con, "match_candidates", sql("match", "candidates"))
    keep(con, "match_unnamed_pairs", sql("match", "unnamed_pairs"))
    _compare_new_pairs(layout)
    keep(
        con, "match_typos", "select * from match_known_typos semi join match_unnamed_pairs using (line_id, invoice_id)"
    )
    keep(con, "match_settled", sql("match", "settled_namings"))
    _weigh(con, limits)
    return Candidates(
        explanations=layout.told("select * from match_calibrated order by line_id, explanation_rank"),
        items=layout.told(EXPLAINED_ITEMS),
        payers=layout.told("select * from match_payers order by line_id, customer_id"),
        settled=layout.told("select * from match_settled order by line_id, invoice_id"),
        money_out=pl.DataFrame(),
        refused_sets=layout.named(sets.refused),
        named=layout.told(sql("match", "named_customers")),
        learned=layout.told(sql("match", "learned")),
    )


def propose_money_out(candidates: Candidates, layout: Layout, lines: pl.DataFrame, config: Config) -> Candidates:
    """Return the candidates with what the money that left concerns, given what was received by now.

    Args:
        candidates: those of the receipts.
        layout: what `lay_out` made.
        lines: those of the lines laid out that are still undecided.
        config: how long a bank may take a receipt back.
    """
    _wait(layout, lines.filter(pl.col("amount") < 0))
    limits = {
        "return_days_max": config.match.return_days_max,
        "return_words": any_of("return_words"),
        "refund_words": any_of("refund_words"),
        "return_codes": RETURN_CODES,
        "no_names": sorted({word for name in NO_NAMES for phrase in words(name) for word in phrase.split()}),
    }
    return replace(candidates, money_out=layout.told(sql("match", "money_out"), limits))


def _limits(config: Config) -> dict[str, object]:
    return {
        "prepaid_days_max": config.match.prepaid_days_max,
        "overdue_days_max": config.match.overdue_days_max,
        "charge_units_max": CHARGE_UNITS_MAX,
        "rounding_units_max": config.tolerance.rounding_units_max,
        "discount_grace_days": config.tolerance.discount_grace_days,
        "combined_items_max": ITEMS_MAX,
        "crowd_items_min": CROWD_ITEMS_MIN,
        "equal_items_max": EQUAL_ITEMS_MAX,
        "part_words": any_of("part_words"),
    }


def _wait(layout: Layout, lines: pl.DataFrame) -> None:
    """Make these lines the ones that wait."""
    table(layout.con, "match_waiting", layout.places(lines))
    _lay_out_waiting(layout.con)


def _lay_out_waiting(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of what concerns the lines that wait: `WAITING`."""
    for name in WAITING:
        keep(con, f"match_{name}", sql("match", name))


def _find(con: duckdb.DuckDBPyConnection, sources: Sequence[str], limits: Mapping[str, object]) -> None:
    """Ask the sources, in order, and keep what they find as `match_found`, but for what a person rejected."""
    for place, name in enumerate(sources):
        found = f"select {place} as source_place, '{name}' as source, * from ({sql('match', name)})"
        if place == 0:
            keep(con, "match_found", found, limits)
        else:
            con.execute(f"insert into match_found {found}", used(found, limits))
    con.execute(sql("match", "rejected_explanations"))


def _compare_new_pairs(layout: Layout) -> None:
    """Add the typos of pairs that are proposed for the first time to `match_known_typos`: no text changes."""
    con = layout.con
    keep(
        con,
        "match_new_pairs",
        "select * from match_unnamed_pairs anti join match_compared_pairs using (line_id, invoice_id)",
    )
    if not con.sql("select 1 from match_new_pairs limit 1").fetchall():
        return
    new_lines = "(select * from match_line_runs semi join match_new_pairs using (line_id))"
    typos, parameters = with_line_keys(layout, "typos", new_lines, "true")
    con.execute(f"insert into match_known_typos {typos}", used(typos, parameters))
    con.execute("insert into match_compared_pairs select * from match_new_pairs")


def _weigh(con: duckdb.DuckDBPyConnection, limits: Mapping[str, object]) -> None:
    """Make `match_calibrated` of `match_candidates`: evidence, what it is worth, how far that can be trusted."""
    for name in WEIGHING:
        keep(con, f"match_{name}", sql("match", name), limits)
