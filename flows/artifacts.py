"""Leave in the Prefect UI what a night brought: its summary, its exceptions, and where the whole report is opened.

The night is on the disk before; what cannot be left is logged and holds nothing up.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.report_server import REPORT_FOLDER, REPORT_URL
from reconcile.report import MatchReport, digest, exceptions, headline, inert
from reconcile.review import Applied

EXCEPTIONS_MAX: Final = 200
"""Prefect's first UI needs four seconds for a table of 500 and freezes at ten thousand; nobody reads so many there."""


def leave_artifacts(report: MatchReport, out: Path, log: Any) -> None:
    """Leave `match-report`, `exceptions` and, where the report is shown by `reconcile serve`, the link `report`.

    Args:
        report: what the night has to tell.
        out: the folder of the report.
        log: where it is said that one could not be left.
    """
    url = _address(out)
    place = f"[Open the match report]({url})" if url else f"The match report: {inert(str(out / 'report.html'))}"
    rows = exceptions(report, EXCEPTIONS_MAX)
    try:
        create_markdown_artifact(digest(report, place), key="match-report", description=headline(report))
        create_table_artifact(rows, key="exceptions", description=f"{len(rows)} rows to look through")
        if url:
            create_link_artifact(url, link_text="Open the match report", key="report")
    except Exception as error:  # noqa: BLE001 - whatever the UI's server meets, the night is done and must end well
        log.warning("the UI shows no summary of this run: %s", type(error).__name__)


def leave_decisions(applied: Applied, log: Any) -> None:
    """Leave the table `decisions`: what came of each, and why it was refused where it was.

    Args:
        applied: what came of the decisions.
        log: where it is said that it could not be left.
    """
    rows = [
        *({"line": each.line_id, "decision": "refused", "why": inert(each.reason)} for each in applied.refused),
        *(
            {"line": each.line_id, "decision": f"{each.action}: {each.status}", "why": inert(each.outcome)}
            for each in applied.done
        ),
    ]
    try:
        create_table_artifact(rows[:EXCEPTIONS_MAX], key="decisions", description=f"{len(rows)} decisions")
    except Exception as error:  # noqa: BLE001 - whatever the UI's server meets, what was decided stands
        log.warning("the UI shows no table of these decisions: %s", type(error).__name__)


def _address(out: Path) -> str:
    """Return where a browser opens the report: nowhere, unless this very folder is shown."""
    url, folder = os.environ.get(REPORT_URL, ""), os.environ.get(REPORT_FOLDER, "")
    return f"{url}/report.html" if url and out.resolve() == Path(folder) else ""
