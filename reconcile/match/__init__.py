"""Propose which open items each undecided line may pay, with the evidence; decide nothing.

In: the ledger's open connection, whose undecided lines, items, customers and remittances are laid out as tables of
the run. Out: `Candidates`, frames that `resolve` reads. Must not: write to the ledger, choose, or know a tolerance's
meaning beyond whether it is met.

The list of sources is the table of contents. A new source is one `.sql` that makes (line, explanation, invoice,
amount) rows, its line in `SOURCES`, and one test file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import duckdb
import polars as pl

from reconcile.config import Config
from reconcile.match.creditor_references import UNMISTAKABLE_KINDS, found_in
from reconcile.match.numbers import number_patterns
from reconcile.match.sets import ITEMS_MAX, search_sets
from reconcile.match.tables import (
    lay_out_calibration,
    lay_out_customers,
    lay_out_items,
    lay_out_lines,
    lay_out_remittances,
    lay_out_weights,
    table,
)
from reconcile.match.words import RETURN_CODES, any_of
from reconcile.sql import given, sql, used

SOURCES: Final = (
    "named_item",
    "named_together",
    "named_completed",
    "payers_item",
    "remittance_advice",
    "payers_run",
    "payers_pair",
)


NAMES: Final = (
    "name_weights",
    "name_keys",
    "run_together",
    "cut_names",
    "likely_names",
    "name_coverage",
    "strange_names",
    "all_payers",
)
"""How a payer's name becomes customers, in order; each relation reads those before it."""

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

RARE_NAMES_MAX: Final = 12
"""How many names may share a word that finds them alone."""

NAMES_ALIKE_MAX: Final = 40
"""What more names than this share finds nobody: a person would not look through them either."""

CROWD_ITEMS_MIN: Final = 1000
"""From how many open items of one customer on none are combined: nobody would look through them."""

ITEMS_BEGIN: Final = "runs[first_run] in (select letters from first_letters)"
"""Of a run of letters: some item's number begins with it."""

CREDITOR_RUNS_MAX: Final = 8
"""Into how many runs of letters or digits a creditor reference may be broken: RF and its 23 characters by four."""


BARE_DIGITS_MAX: Final = 5
"""Up to how many digits alone may be anything's number: a postal code, a year, a counter, a customer."""


@dataclass(frozen=True)
class Candidates:
    """What may explain the undecided lines.

    explanations: one row per (line, explanation), with evidence levels, score, probability, margin and rank.
    items: one row per (explanation, invoice), with the amount that the invoice owes and the discount it allows.
    payers: one row per (line, customer) that its payer may be.
    settled: one row per (line, invoice) that it names although nothing is owed on it.
    money_out: one row per line of money out that concerns a customer; see `propose_money_out`.
    refused_sets: one row per line whose payer has too many open items to combine.
    named: one row per (line, customer) of whom the line names an invoice, whatever is owed on it.
    """

    explanations: pl.DataFrame
    items: pl.DataFrame
    payers: pl.DataFrame
    settled: pl.DataFrame
    money_out: pl.DataFrame
    refused_sets: pl.DataFrame
    named: pl.DataFrame

    def updated_by(self, newer: Candidates, lines: pl.DataFrame) -> Candidates:
        """Return these candidates with those of `lines` (all that were proposed anew) taken from `newer`."""
        again = lines.select("line_id")
        return Candidates(
            *(
                pl.concat([getattr(self, field.name).join(again, on="line_id", how="anti"), getattr(newer, field.name)])
                if field.name != "money_out"
                else self.money_out
                for field in fields(self)
            )
        )

    def concerned_by(self, invoice_ids: pl.Series, items: pl.DataFrame) -> pl.DataFrame:
        """Return the lines (`line_id`) that a change of what is owed on these invoices concerns.

        Those whose payer or candidates are of the invoices' customers, and those that name an invoice of theirs.
        """
        changed = items.filter(pl.col("invoice_id").is_in(invoice_ids.implode())).select("customer_id").unique()
        found = [
            frame.join(changed, on="customer_id", how="semi").select("line_id")
            for frame in (self.explanations, self.payers, self.settled, self.named)
        ]
        return pl.concat(found).unique().sort("line_id")


@dataclass(frozen=True)
class Layout:
    """What stays the same for the whole run, as temporary tables: lines, items, who names what, who may be paying.

    Inside, a line is known by its place in `line_ids`: texts of forty characters make slow keys. `runs`: see `_runs`.
    """

    con: duckdb.DuckDBPyConnection
    line_ids: pl.Series
    runs: dict[str, int]

    def owes(self, items: pl.DataFrame) -> None:
        """Take note of what is owed on these items now: `invoice_id`, `open_amount`."""
        with given(self.con, match_owed=items.select("invoice_id", "open_amount")):
            self.con.execute(sql("match", "update_owed"))

    def places(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Return the places of these lines as the column `line_id`."""
        return lines.select(line_id=self.line_ids.search_sorted(lines["line_id"]).cast(pl.Int64))

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame with lines by their own ids again."""
        return frame.with_columns(line_id=self.line_ids.gather(frame["line_id"]))

    def told(self, query: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run a query and return its rows, with lines by their own ids."""
        return self.named(self.con.sql(query, params=used(query, parameters or {})).pl())


def lay_out(
    con: duckdb.DuckDBPyConnection,
    lines: pl.DataFrame,
    items: pl.DataFrame,
    customers: pl.DataFrame,
    remittances: pl.DataFrame,
) -> Layout:
    """Lay out what stays the same for the whole run: which invoices each line names, and who its payer may be.

    Args:
        con: the ledger's connection, inside the run's transaction.
        lines: undecided lines, with the ledger's columns of `statement_lines`.
        items: every known item, with the columns of the ledger's `item_balances`.
        customers: the ledger's customers.
        remittances: the ledger's remittance advices.
    """
    lay_out_customers(con, customers)
    lay_out_remittances(con, remittances)
    lay_out_weights(con)
    lay_out_calibration(con)
    lay_out_items(con, items)
    layout = Layout(con, lines["line_id"].sort(), _runs(con))
    lay_out_lines(con, lines.with_columns(layout.places(lines)))
    _keep(con, "match_line_runs", sql("match", "line_runs"), number_patterns())
    _keep(con, "match_item_keys", sql("match", "item_keys"))
    _keep(con, "match_all_references", *_with_line_keys(layout, "all_references", "match_line_runs", ITEMS_BEGIN))
    _add_structured_references(con)
    name_limits = {"rare_names_max": RARE_NAMES_MAX, "names_alike_max": NAMES_ALIKE_MAX}
    for name in NAMES:
        _keep(con, f"match_{name}", sql("match", name), name_limits)
    for name in ("known_references", "named_items", "equal_items", "own_equal_items", "advised_lines"):
        _keep(con, f"match_{name}", sql("match", name))
    return layout


def _add_structured_references(con: duckdb.DuckDBPyConnection) -> None:
    """Add the invoices whose numbers stand within structured creditor references to `match_all_references`.

    Looked for in the texts that name nothing surely: a check digit is right by chance one time in ten.
    """
    texts = con.sql(sql("match", "unnamed_texts")).pl()
    found = found_in(texts).with_columns(is_unmistakable=pl.col("kind").is_in(sorted(UNMISTAKABLE_KINDS)))
    table(con, "match_structured", found)
    _keep(con, "match_structured_references", sql("match", "structured_references"))
    con.execute(
        "delete from match_all_references using match_structured_references as surer "
        "where match_all_references.line_id = surer.line_id and match_all_references.invoice_id = surer.invoice_id"
    )
    con.execute("insert into match_all_references select * from match_structured_references")


def propose_clear(layout: Layout, lines: pl.DataFrame, config: Config) -> Candidates:
    """Propose what is clear without looking further: lines that name, surely and to the cent, what no other line names.

    Most lines are like that. Whatever else might explain them would be less likely, so nothing else is looked for;
    lines that are not clear have no explanation here.

    Args:
        layout: what `lay_out` made.
        lines: the lines laid out.
        config: windows and tolerances.
    """
    con, limits = layout.con, _limits(config)
    _wait(layout, lines.filter(pl.col("amount") > 0))
    _find(con, ("named_item", "named_together"), limits)
    for name, columns in NOT_LOOKED_FOR.items():
        _keep(con, f"match_{name}", f"select {columns} where false")
    _keep(con, "match_candidates", sql("match", "candidates"))
    _weigh(con, limits)
    clear = layout.told(sql("match", "clear_explanations"))
    nothing = clear.clear()
    return Candidates(
        explanations=clear,
        items=layout.told(EXPLAINED_ITEMS),
        payers=layout.told("select * from match_payers order by line_id, payer_rank, customer_id"),
        settled=nothing,
        money_out=nothing,
        refused_sets=nothing,
        named=nothing,
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
        _keep(con, f"match_{name}", sql("match", name), limits)
    _find(con, SOURCES, limits)
    searched = sql("match", "set_search")
    sets = search_sets(con.sql(searched, params=used(searched, limits)).pl())
    table(con, "match_sets", sets.found)
    _keep(con, "match_candidates", sql("match", "candidates"))
    _keep(con, "match_unnamed_pairs", sql("match", "unnamed_pairs"))
    unnamed = "(select * from match_line_runs semi join match_unnamed_pairs using (line_id))"
    _keep(con, "match_typos", *_with_line_keys(layout, "typos", unnamed, "true"))
    _keep(con, "match_settled", sql("match", "settled_namings"))
    _weigh(con, limits)
    return Candidates(
        explanations=layout.told("select * from match_calibrated order by line_id, explanation_rank"),
        items=layout.told(EXPLAINED_ITEMS),
        payers=layout.told("select * from match_payers order by line_id, payer_rank, customer_id"),
        settled=layout.told("select * from match_settled order by line_id, invoice_id"),
        money_out=pl.DataFrame(),
        refused_sets=layout.named(sets.refused),
        named=layout.told(sql("match", "named_customers")),
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
    }
    return replace(candidates, money_out=layout.told(sql("match", "money_out"), limits))


def _limits(config: Config) -> dict[str, object]:
    return {
        "prepaid_days_max": config.match.prepaid_days_max,
        "overdue_days_max": config.match.overdue_days_max,
        "rounding_units_max": config.tolerance.rounding_units_max,
        "discount_grace_days": config.tolerance.discount_grace_days,
        "combined_items_max": ITEMS_MAX,
        "crowd_items_min": CROWD_ITEMS_MIN,
    }


def _wait(layout: Layout, lines: pl.DataFrame) -> None:
    """Make the tables of what concerns the lines that wait: `WAITING`."""
    table(layout.con, "match_waiting", layout.places(lines))
    for name in WAITING:
        _keep(layout.con, f"match_{name}", sql("match", name))


def _find(con: duckdb.DuckDBPyConnection, sources: Sequence[str], limits: Mapping[str, object]) -> None:
    """Ask the sources, in order, and keep what they find as `match_found`."""
    for place, name in enumerate(sources):
        found = f"select {place} as source_place, '{name}' as source, * from ({sql('match', name)})"
        if place == 0:
            _keep(con, "match_found", found, limits)
        else:
            con.execute(f"insert into match_found {found}", used(found, limits))


def _weigh(con: duckdb.DuckDBPyConnection, limits: Mapping[str, object]) -> None:
    """Make `match_calibrated` of `match_candidates`: evidence, what it is worth, how far that can be trusted."""
    for name in WEIGHING:
        _keep(con, f"match_{name}", sql("match", name), limits)


def _with_line_keys(layout: Layout, name: str, line_runs: str, is_beginning: str) -> tuple[str, dict[str, object]]:
    """Return a query that reads the numbers of some lines' texts, `{line_keys}` in it being theirs, and its parameters.

    A number begins with digits, or with letters of which `is_beginning` holds.
    """
    line_keys = sql("match", "line_keys").replace("{line_runs}", line_runs).replace("{is_beginning}", is_beginning)
    parameters = {**number_patterns(), **layout.runs, "bare_digits_max": BARE_DIGITS_MAX}
    return sql("match", name).replace("{line_keys}", line_keys), parameters


def _runs(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Say how many runs of letters or digits the items' numbers have, and how many are joined to find them.

    Two more than any number has, since a number may be broken; as many as a creditor reference in groups of four
    takes, where any item has one.
    """
    in_numbers, creditor = con.execute(sql("match", "number_runs")).fetchall()[0]
    return {"runs_max": max(in_numbers + 2, CREDITOR_RUNS_MAX if creditor else 0), "runs_of_numbers_max": in_numbers}


def _keep(
    con: duckdb.DuckDBPyConnection, name: str, query: str, parameters: Mapping[str, object] | None = None
) -> None:
    con.execute(f"create or replace temp table {name} as {query}", used(query, parameters or {}))
