"""Configuration is strict: what is not known is an error that names it; flags stand over a file over the defaults."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconcile.config import DEFAULTS, ROOT, SAMPLES, Config, load
from reconcile.errors import ConfigError


def user_file(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def given(**inputs: Any) -> Config:
    return load(flags={"input": inputs})


def test_the_defaults_file_is_complete_and_posts_to_no_other_system() -> None:
    config = load()
    assert config.connector.system == "ledger"
    assert config.tolerance.bank_charge_amount_max == 0
    assert config.input.statements == ()
    assert config.output.ledger is None


def test_every_key_of_the_defaults_file_may_stand_in_a_users_file(tmp_path: Path) -> None:
    assert load(user_file(tmp_path, DEFAULTS.read_text(encoding="utf-8"))) == load()


def test_a_users_file_stands_over_the_defaults_key_by_key(tmp_path: Path) -> None:
    config = load(user_file(tmp_path, '[gate]\nprobability_min = "0.95"'))
    assert config.gate.probability_min == Decimal("0.95")
    assert config.gate.margin_min == load().gate.margin_min


def test_a_flag_stands_over_the_users_file_and_the_defaults(tmp_path: Path) -> None:
    path = user_file(tmp_path, '[output]\nledger = "file.duckdb"\nout = "report"')
    config = load(path, {"output": {"ledger": Path("flag.duckdb")}})
    assert config.output.ledger == Path("flag.duckdb")
    assert config.output.out == tmp_path / "report"


def test_paths_in_a_file_start_from_that_files_folder(tmp_path: Path) -> None:
    path = user_file(tmp_path, '[input]\nstatements = ["bank", "/srv/bank"]\ninvoices = "invoices.csv"')
    config = load(path)
    assert config.input.statements == (tmp_path / "bank", Path("/srv/bank"))
    assert config.input.invoices == tmp_path / "invoices.csv"


def test_a_path_may_start_from_the_users_home(tmp_path: Path) -> None:
    config = load(user_file(tmp_path, '[input]\ninvoices = "~/invoices.csv"'))
    assert config.input.invoices == Path.home() / "invoices.csv"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[gates]\n", "'gates'"),
        ('probability_min = "0.9"\n', "'probability_min'"),
        ('[gate]\nprobability = "0.9"\n', "'gate.probability'"),
        ('[connector]\ntoken = "secret"\n', "'connector.token'"),
    ],
)
def test_an_unknown_section_or_key_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named) as told:
        load(user_file(tmp_path, text))
    assert "mine.toml" in str(told.value)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("gate", "probability_min", "0.9"),
        ("gate", "probability_min", "true"),
        ("gate", "probability_min", '"a lot"'),
        ("gate", "probability_min", '"-0.1"'),
        ("gate", "probability_min", '"NaN"'),
        ("gate", "probability_min", '"Infinity"'),
        ("gate", "probability_min", '"1e-2"'),
        ("gate", "probability_min", '"0,9"'),
        ("gate", "probability_min", '""'),
        ("tolerance", "rounding_units_max", '"5"'),
        ("tolerance", "rounding_units_max", "5.0"),
        ("tolerance", "rounding_units_max", "true"),
        ("tolerance", "rounding_units_max", "-1"),
        ("input", "statements", '"bank"'),
        ("input", "statements", "[1]"),
        ("input", "invoices", "1"),
        ("input", "invoices", '["a.csv"]'),
        ("connector", "system", "1"),
    ],
)
def test_a_value_of_another_kind_is_named_with_its_key(tmp_path: Path, section: str, key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=rf"mine\.toml: {section}\.{key}"):
        load(user_file(tmp_path, f"[{section}]\n{key} = {value}\n"))


@pytest.mark.parametrize("key", ["probability_min", "margin_min", "proposal_probability_min"])
def test_a_probability_above_one_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match=rf"gate\.{key}"):
        load(user_file(tmp_path, f'[gate]\n{key} = "99"\n'))


def test_a_section_that_is_a_value_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gate must be a section"):
        load(user_file(tmp_path, "gate = 1\n"))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml: cannot be read as TOML"):
        load(user_file(tmp_path, "gate:\n  probability_min: 0.9\n"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml: there is no such configuration file"):
        load(tmp_path / "mine.toml")


def test_a_folder_is_no_configuration_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("system", ["invoicing_v2", "Ledger", ""])
def test_a_system_that_is_not_known_is_refused_by_name(tmp_path: Path, system: str) -> None:
    with pytest.raises(ConfigError, match=f'connector.system = "{system}"'):
        load(user_file(tmp_path, f'[connector]\nsystem = "{system}"\n'))


def test_the_samples_are_taken_where_no_input_is_named() -> None:
    config = load().with_samples()
    assert config.input.statements == (SAMPLES / "statements",)
    assert config.input.invoices == SAMPLES / "invoices.csv"
    assert config.input.customers == SAMPLES / "customers.csv"
    assert config.input.remittances == SAMPLES / "remittances.csv"


def test_nothing_of_the_samples_is_added_to_a_users_own_files() -> None:
    own = given(statements=(Path("bank"),), invoices=Path("invoices.csv"))
    assert own.with_samples().input == own.input


@pytest.mark.parametrize("key", ["customers", "remittances"])
def test_a_users_customers_or_remittances_are_never_run_on_the_samples(key: str) -> None:
    with pytest.raises(ConfigError, match="no statements are named"):
        given(**{key: Path("mine.csv")}).with_samples()


def test_samples_and_a_users_own_files_never_share_a_ledger_or_a_report() -> None:
    samples = load().with_samples().output
    own = given(statements=(Path("bank"),), invoices=Path("invoices.csv")).with_samples().output
    assert {samples.ledger, samples.out}.isdisjoint({own.ledger, own.out})
    assert all(path is not None and path.is_relative_to(ROOT / "data") for path in (samples.ledger, own.ledger))


def test_a_command_without_input_takes_the_users_own_ledger_and_the_samples_where_there_is_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconcile.config.ROOT", tmp_path)
    data = tmp_path / "data"
    own, samples = (data / "ledger.duckdb", data / "report"), (data / "samples.duckdb", data / "samples-report")
    data.mkdir()
    assert load().output_in_use() == own

    samples[0].touch()
    assert load().output_in_use() == samples
    assert given(statements=(Path("bank"),)).output_in_use() == own
    assert load(flags={"output": {"ledger": Path("l.duckdb")}}).output_in_use() == (Path("l.duckdb"), data / "report")

    own[0].touch()
    assert load().output_in_use() == own


def test_a_named_ledger_and_report_folder_stand_for_samples_too() -> None:
    config = load(flags={"output": {"ledger": Path("l.duckdb"), "out": Path("o")}}).with_samples()
    assert (config.output.ledger, config.output.out) == (Path("l.duckdb"), Path("o"))


def test_statements_without_invoices_are_refused() -> None:
    with pytest.raises(ConfigError, match="no invoices are named"):
        given(statements=(Path("bank"),)).with_samples()


def test_invoices_without_statements_are_refused() -> None:
    with pytest.raises(ConfigError, match="no statements are named"):
        given(invoices=Path("invoices.csv")).with_samples()


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("match", "prepaid_days_max", 6),
        ("match", "return_days_max", 1),
        ("gate", "probability_min", Decimal("0.97")),
        ("gate", "posted_amount_max", Decimal(5000)),
        ("gate", "posted_total_max", Decimal(5000)),
        ("tolerance", "rounding_units_max", 0),
        ("tolerance", "bank_charge_amount_max", Decimal(10)),
        ("tolerance", "discount_grace_days", 3),
        ("review", "alias_confirmations_min", 2),
        ("review", "alias_posted_amount_max", Decimal(500)),
    ],
)
def test_another_policy_has_another_id(section: str, key: str, value: object) -> None:
    assert load(flags={section: {key: value}}).policy_id() != load().policy_id()


def test_other_files_are_no_other_policy() -> None:
    own = load(
        flags={
            "input": {"statements": (Path("bank"),), "invoices": Path("i.csv"), "banks": Path("banks")},
            "output": {"ledger": Path("l.duckdb"), "out": Path("o")},
        }
    )
    assert own.policy_id() == load().policy_id() == load().with_samples().policy_id()


@pytest.mark.parametrize(
    "line",
    [
        'deadline_seconds = "0"',
        "attempts_max = 0",
        "requests_at_once_max = 0",
        "batch_postings_max = 0",
        "passes_max = 0",
    ],
)
def test_what_must_be_more_than_nothing_to_post_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=rf"post\.{line.split(maxsplit=1)[0]} must be more than 0"):
        load(user_file(tmp_path, f"[post]\n{line}\n"))


def test_how_patiently_a_system_is_asked_is_no_other_policy() -> None:
    assert load(flags={"post": {"requests_per_second": Decimal(1)}}).policy_id() == load().policy_id()


def test_with_another_system_invoices_need_not_be_named() -> None:
    connector = {"system": "harvest", "base_url": "https://example.org"}
    config = load(flags={"input": {"statements": (Path("bank"),)}, "connector": connector}).with_samples()
    assert config.input.invoices is None


def test_the_schedule_of_reminders_is_days_and_decides_nothing_about_money(tmp_path: Path) -> None:
    config = load(user_file(tmp_path, "[reminders]\ndays_before = []\ndays_after = [5]"))
    assert (config.reminders.days_before, config.reminders.days_after) == ((), (5,))
    assert config.policy_id() == load().policy_id()


@pytest.mark.parametrize("days", ["[-1]", "[1.5]", '["1"]', "[true]", "3", "[3651]"])
def test_what_is_no_list_of_days_is_refused_and_named(tmp_path: Path, days: str) -> None:
    with pytest.raises(ConfigError, match=r"reminders\.days_after"):
        load(user_file(tmp_path, f"[reminders]\ndays_after = {days}"))
