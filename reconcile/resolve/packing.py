"""Choose what weighs most together where no row may be filled beyond its measure: set packing, by an integer solver.

Must not: know what the columns and rows are, read a clock, or depend on the number of processors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import highspy
import numpy as np
from highspy._core import _Highs as QuietHighs  # `highspy.Highs` writes a banner to the standard output

NODES_MAX: Final = 500
"""How many nodes the solver may open: a bound that is the same on every machine, as seconds are not."""

SECONDS_MAX: Final = 60.0
"""The last resort, far beyond what that many nodes take, so that no night hangs."""

_OPTIONS: Final = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_max_nodes": NODES_MAX,
    "time_limit": SECONDS_MAX,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-9,
}


def best_packing(weights: Sequence[float], columns: Sequence[Mapping[str, float]]) -> list[int] | None:
    """Return the places of the columns that weigh most together, while no row is filled beyond 1.

    Args:
        weights: what each column weighs.
        columns: for each column how far it fills which row.

    Returns:
        The places in order; none where the best was not proved within bounds.
    """
    rows: dict[str, int] = {}
    for row in (row for column in columns for row in column):
        rows.setdefault(row, len(rows))
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(columns), len(rows)
    problem.col_cost_ = -np.asarray(weights, dtype=float)
    problem.col_lower_, problem.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
    problem.row_lower_, problem.row_upper_ = np.full(len(rows), -highspy.kHighsInf), np.ones(len(rows))
    problem.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_ = np.cumsum([0, *map(len, columns)])
    problem.a_matrix_.index_ = np.array([rows[row] for column in columns for row in column])
    problem.a_matrix_.value_ = np.array([filled for column in columns for filled in column.values()])
    solver = QuietHighs()
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.passModel(problem)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return [place for place, taken in enumerate(solver.getSolution().col_value) if taken > 0.5]
