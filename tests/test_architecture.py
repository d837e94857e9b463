"""The house keeps its rooms: who may import what, and what every query says of itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "reconcile").rglob("*.py"))
QUERIES = sorted((ROOT / "reconcile").rglob("*.sql"))
STEPS = ("ingest", "match", "resolve", "ledger", "post", "report", "review")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def room(path: Path) -> str:
    return path.relative_to(ROOT / "reconcile").parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_never_imports_prefect_and_only_the_command_knows_the_flows(path):
    roots = {name.split(".")[0] for name in imported(path)}

    assert "prefect" not in roots
    assert "flows" not in roots or path.name == "cli.py"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_steps_import_each_other_only_in_the_direction_of_the_data(path):
    """Resolve reads what match proposes, the ledger what is read and decided, the report the ledger."""
    allowed = {
        "ingest": set(),
        "match": set(),
        "resolve": {"match"},
        "ledger": {"ingest", "resolve"},
        "post": {"ledger"},
        "report": {"ledger"},
        "review": {"ledger", "post", "resolve"},
    }
    own = room(path)
    if own not in STEPS:
        return
    used = {name.split(".")[1] for name in imported(path) if name.startswith("reconcile.") and name.count(".") >= 1}

    assert (used & set(STEPS)) - {own} <= allowed[own]


def test_resolve_touches_nothing_outside():
    for path in (ROOT / "reconcile" / "resolve").glob("*.py"):
        roots = {name.split(".")[0] for name in imported(path)}
        assert roots <= {
            "__future__", "collections", "dataclasses", "decimal", "typing", "highspy", "numpy", "polars", "reconcile",
        }, path  # fmt: skip


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_opens_by_saying_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_query_opens_with_a_sentence_and_its_grain_and_holds_the_house_style(path):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    opening = " ".join(line.removeprefix("--").strip() for line in lines[: lines.index("")])
    code = "\n".join(line for line in lines if not line.lstrip().startswith("--"))

    assert text.startswith("-- ")
    assert "One row" in opening or "Returns" in opening or path.name == "schema.sql"
    assert "not in (select" not in code
    assert "limit 1" not in code
    assert "avg(" not in code
    assert max(map(len, lines)) <= 140
