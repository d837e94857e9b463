"""Lay out what stays the same for the whole run: lines, items, which invoices each line names, who its payer may be.

Must not: know what is proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from reconcile.match.creditor_references import UNMISTAKABLE_KINDS, found_in
from reconcile.match.numbers import number_patterns
from reconcile.match.tables import (
    lay_out_calibration,
    lay_out_customers,
    lay_out_items,
    lay_out_learned_payers,
    lay_out_lines,
    lay_out_remittances,
    lay_out_weights,
    table,
)
from reconcile.sql import given, sql, used

NAMES: Final = (
    "name_weights",
    "own_names",
    "sought_words",
    "name_keys",
    "run_together",
    "cut_names",
    "likely_names",
    "name_coverage",
    "strange_names",
    "all_payers",
)
"""How a payer's name becomes customers, in order; each relation reads those before it."""

RARE_NAMES_MAX: Final = 12
"""How many names may share a word that finds them alone."""

NAMES_ALIKE_MAX: Final = 40
"""What more names than this share finds nobody: a person would not look through them either."""

ITEMS_BEGIN: Final = "runs[first_run] in (select letters from first_letters)"
"""Of a run of letters: some item's number begins with it."""

CREDITOR_RUNS_MAX: Final = 8
"""Into how many runs of letters or digits a creditor reference may be broken: RF and its 23 characters by four."""


BARE_DIGITS_MAX: Final = 5
"""Up to how many digits alone may be anything's number: a postal code, a year, a counter, a customer."""


LIST_RUNS_MAX: Final = 12
"""How many numbers behind the first a list in short may hold: 1001/2/3 holds two."""

COMPARED: Final = {
    "compared_pairs": "0::bigint as line_id, '' as invoice_id",
    "known_typos": "0::bigint as line_id, '' as invoice_id, '' as typo_level",
}
"""What the rounds add to: the pairs of line and item that were compared, and those that nearly name the item."""


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
    learned_payers: pl.DataFrame,
) -> Layout:
    """Lay out what stays the same for the whole run: which invoices each line names, and who its payer may be.

    Args:
        con: the ledger's connection, inside the run's transaction.
        lines: undecided lines, with the ledger's columns of `statement_lines`.
        items: every known item, with the columns of the ledger's `item_balances`.
        customers: the ledger's customers.
        remittances: the ledger's remittance advices.
        learned_payers: the accounts and names that people taught: the ledger's `learned_payers`.
    """
    lay_out_customers(con, customers)
    lay_out_learned_payers(con, learned_payers)
    lay_out_remittances(con, remittances)
    lay_out_weights(con)
    lay_out_calibration(con)
    lay_out_items(con, items)
    layout = Layout(con, lines["line_id"].sort(), _runs(con))
    lay_out_lines(con, lines.with_columns(layout.places(lines)))
    keep(con, "match_line_runs", sql("match", "line_runs"), number_patterns())
    keep(con, "match_item_keys", sql("match", "item_keys"))
    keep(con, "match_all_references", *with_line_keys(layout, "all_references", "match_line_runs", ITEMS_BEGIN))
    _add_structured_references(con)
    _leave_out_rejected(layout)
    name_limits = {"rare_names_max": RARE_NAMES_MAX, "names_alike_max": NAMES_ALIKE_MAX}
    for name in NAMES:
        keep(con, f"match_{name}", sql("match", name), name_limits)
    for name in ("known_references", "named_items", "paid_in_parts", "equal_items", "own_equal_items", "advised_lines"):
        keep(con, f"match_{name}", sql("match", name))
    for name, columns in COMPARED.items():
        keep(con, f"match_{name}", f"select {columns} where false")
    return layout


def _add_structured_references(con: duckdb.DuckDBPyConnection) -> None:
    """Add the invoices whose numbers stand within structured creditor references to `match_all_references`.

    Looked for in the texts that name nothing surely: a check digit is right by chance one time in ten.
    """
    texts = con.sql(sql("match", "unnamed_texts")).pl()
    keep(con, "match_carried_numbers", sql("match", "carried_numbers"))
    sought = con.sql("select distinct core from match_carried_numbers order by core").pl()["core"]
    found = found_in(texts, sought).with_columns(is_unmistakable=pl.col("kind").is_in(sorted(UNMISTAKABLE_KINDS)))
    table(con, "match_structured", found)
    keep(con, "match_structured_references", sql("match", "structured_references"))
    con.execute(
        "delete from match_all_references using match_structured_references as surer "
        "where match_all_references.line_id = surer.line_id and match_all_references.invoice_id = surer.invoice_id"
    )
    con.execute("insert into match_all_references select * from match_structured_references")


def _leave_out_rejected(layout: Layout) -> None:
    """Make `match_rejected_pairs`, and take what a person said a line does not pay for not named by that line."""
    rejected = layout.con.sql("select line_id, invoice_id from rejected_pairs order by all").pl()
    waiting = rejected.filter(pl.col("line_id").is_in(layout.line_ids.implode()))
    table(layout.con, "match_rejected_pairs", waiting.with_columns(layout.places(waiting)))
    layout.con.execute(
        "delete from match_all_references using match_rejected_pairs as rejected "
        "where match_all_references.line_id = rejected.line_id "
        "and match_all_references.invoice_id = rejected.invoice_id"
    )


def with_line_keys(layout: Layout, name: str, line_runs: str, is_beginning: str) -> tuple[str, dict[str, object]]:
    """Return a query that reads the numbers of some lines' texts, `{line_keys}` in it being theirs, and its parameters.

    A number begins with digits, or with letters of which `is_beginning` holds.
    """
    line_keys = sql("match", "line_keys").replace("{line_runs}", line_runs).replace("{is_beginning}", is_beginning)
    parameters: dict[str, object] = {
        **number_patterns(),
        **layout.runs,
        "bare_digits_max": BARE_DIGITS_MAX,
        "list_runs_max": LIST_RUNS_MAX,
    }
    return sql("match", name).replace("{line_keys}", line_keys), parameters


def _runs(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Say how many runs of letters or digits the items' numbers have, and how many are joined to find them.

    Two more than any number has, since a number may be broken; as many as a creditor reference in groups of four
    takes, where any item has one.
    """
    in_numbers, creditor = con.execute(sql("match", "number_runs")).fetchall()[0]
    return {"runs_max": max(in_numbers + 2, CREDITOR_RUNS_MAX if creditor else 0), "runs_of_numbers_max": in_numbers}


def keep(con: duckdb.DuckDBPyConnection, name: str, query: str, parameters: Mapping[str, object] | None = None) -> None:
    """Keep what a query returns as a temporary table of the run."""
    con.execute(f"create or replace temp table {name} as {query}", used(query, parameters or {}))
