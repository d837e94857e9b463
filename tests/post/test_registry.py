"""The configured connector is found by its system's name, with its secret from the environment and nowhere else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconcile.config import SYSTEMS, load
from reconcile.config import Connector as ConnectorSettings
from reconcile.errors import ConfigError
from reconcile.post import place_of
from reconcile.post.connectors import CONNECTORS, connector_for, patience_of
from reconcile.post.remote import Patience
from tests.post.connectors_under_test import UNDER_TEST


def settings(system: str = "invoicing_v1", **more: str) -> ConnectorSettings:
    return ConnectorSettings(system, **{"base_url": "https://example.org", "token_env": "THE_SECRET", **more})


def test_every_registered_system_may_be_configured_and_is_under_test() -> None:
    assert set(CONNECTORS) <= set(SYSTEMS)
    assert set(CONNECTORS) == {case.system for case in UNDER_TEST}


@pytest.mark.parametrize("system", CONNECTORS)
def test_a_registered_connector_is_made_and_never_shows_its_secret(system: str) -> None:
    more = dict(next(case.settings for case in UNDER_TEST if case.system == system))
    made = connector_for(settings(system, **more), {"THE_SECRET": "user:hush-hush"})
    assert "hush-hush" not in repr(made)


@pytest.mark.parametrize(
    ("system", "url", "given", "rate"),
    [
        ("invoicing_v1", "https://example.org", None, 20),
        ("invoicing_v1", "https://example.org", 50, 50),
        ("invoicing_v1", "https://example.org", 0, 0),
        ("harvest", "https://example.org", None, 6),
        ("harvest", "https://example.org", 20, 6),
        ("harvest", "https://example.org", 2, 2),
        ("harvest", "https://example.org", 0, 6),
        ("auxvault", "https://example.org", 0, 5),
        ("harvest", "http://127.0.0.1:9", None, 0),
        ("harvest", "http://127.0.0.1:9", 7, 7),
        ("invoicing_v1", "http://localhost:9", 3, 3),
    ],
)
def test_a_system_is_asked_as_often_as_configured_and_no_more_than_it_allows(system, url, given, rate) -> None:
    asked = connector_for(
        settings(system, base_url=url, tenant_id="T1"), {"THE_SECRET": "user:x"}, Patience(requests_per_second=given)
    ).remote.patience
    assert asked.requests_per_second == rate


def test_what_is_configured_stands_over_what_is_usual() -> None:
    assert patience_of(load().post).requests_per_second is None
    assert patience_of(load(flags={"post": {"requests_per_second": Decimal("2.5")}}).post).requests_per_second == 2.5


@pytest.mark.parametrize("environ", [{}, {"THE_SECRET": ""}, {"THE_SECRET": "  "}])
def test_an_empty_variable_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="THE_SECRET"):
        connector_for(settings(), environ)


def test_a_secret_without_a_variable_s_name_is_asked_for() -> None:
    with pytest.raises(ConfigError, match="token_env"):
        connector_for(settings(token_env=""), {})


@pytest.mark.parametrize("url", ["http://example.org", "https://user:hush@example.org", "ftp://example.org", ""])
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="must be an https address"):
        connector_for(settings(base_url=url), {"THE_SECRET": "x"})


def test_a_place_is_the_same_however_its_address_is_written() -> None:
    written = ("https://Example.org", "https://example.org/", "https://example.org/v1", "https://example.org/v1/")
    assert {place_of(settings(base_url=url)) for url in written} == {"example.org"}
    assert place_of(settings(tenant_id="T1")) != place_of(settings(tenant_id="T2"))
