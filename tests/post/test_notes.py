"""The text that a payment carries: the key whole and in front, the sentence as far as there is room."""

import pytest

from reconcile.post.notes import with_key


@pytest.mark.parametrize(
    ("key", "notes", "length_max", "text"),
    [
        ("rc-1", "Receipt of 5 October", 500, "rc-1 Receipt of 5 October"),
        ("rc-1", "Receipt of 5 October", None, "rc-1 Receipt of 5 October"),
        ("rc-1", "Receipt of 5 October", 12, "rc-1 Receipt"),
        ("rc-1", "Receipt of 5 October", 13, "rc-1 Receipt"),
        ("rc-1", "Receipt", 4, "rc-1"),
        ("rc-1", "", 500, "rc-1"),
        ("", "Receipt", 500, "Receipt"),
        ("", "", 500, ""),
        ("rc-1", "äöü", 7, "rc-1 äö"),
    ],
)
def test_the_key_comes_first_and_only_the_sentence_is_cut(key, notes, length_max, text):
    assert with_key(key, notes, length_max) == text


def test_a_character_that_counts_as_two_is_not_cut_in_half():
    assert with_key("rc-1", "\N{MONEY BAG}\N{MONEY BAG}", 7) == "rc-1 \N{MONEY BAG}"
    assert with_key("rc-1", "\N{MONEY BAG}\N{MONEY BAG}", 8) == "rc-1 \N{MONEY BAG}"


def test_a_key_that_does_not_fit_is_never_cut():
    with pytest.raises(ValueError, match="does not fit"):
        with_key("rc-0001", "Receipt", 6)
