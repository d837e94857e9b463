"""A card's number is known however it is written, and other numbers are none."""

from __future__ import annotations

import pytest

from reconcile.ledger.card_numbers import holds_card_number


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "paid by card 4111 1111 1111 1111, expires 12/27",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u20131111\u20131111\u20131111",
        "REF4111111111111111X",
        "4111 1111 1111 1111 12 27 123",
        "2026-11-26 4111 1111 1111 1111",
        "4000000000000002",
        "4222222222222",
        "5555 5555 5555 4444",
        "2223 0031 2200 3222",
        "3782 822463 10005",
        "3056 9309 0259 04",
        "3530 1113 3330 0000",
        "6011 1111 1111 1117",
        "6200 0000 0000 0005",
        "\uff14111111111111111",
    ],
)
def test_a_cards_number_is_known_however_it_is_written(text):
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111111111111112",  # another check digit
        "ending in 1111",
        "INV-2026-0441",
        "DE89 3704 0044 0532 0130 00",
        "paid from DE07 5555 5555 5555 4444 12",  # four groups of an account's number
        "RF18 5390 0754 7034",
        "1111 1111 1111 1117",  # no issuer begins so
        "41111111111111110000",  # too long for one
        "411111111111111",  # too short for this issuer
        "+49 30 901820 11",
        "20261126093000",
        "4111 invoices, 1111 lines",
        "rc-4111111111111",
    ],
)
def test_any_other_number_is_none(text):
    assert not holds_card_number(text)
