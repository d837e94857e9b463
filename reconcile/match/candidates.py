"""What may explain the undecided lines: the frames that `resolve` reads."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import polars as pl


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
    learned: one row per line whose payer is known because people taught its account or name; see `learned.sql`.
    """

    explanations: pl.DataFrame
    items: pl.DataFrame
    payers: pl.DataFrame
    settled: pl.DataFrame
    money_out: pl.DataFrame
    refused_sets: pl.DataFrame
    named: pl.DataFrame
    learned: pl.DataFrame

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

    def without_explanations(self, lines: pl.DataFrame) -> Candidates:
        """Return these candidates without what explained `lines`: what is owed has changed since."""
        explanations = self.explanations.join(lines.select("line_id"), on="line_id", how="anti")
        return replace(self, explanations=explanations)

    def hopeful(self, probability: float) -> pl.DataFrame:
        """Return the lines (`line_id`) that name somebody's invoice, or have an explanation that is so probable."""
        likely = self.explanations.filter(pl.col("probability") >= probability)
        return pl.concat([likely.select("line_id"), self.named.select("line_id")]).unique()

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
