"""Write the text that a payment carries in the other system: our key in front, then a sentence for people."""

from __future__ import annotations


def with_key(key: str, notes: str, length_max: int | None) -> str:
    """Return the key and the notes in at most so many characters; the notes are cut, the key never is.

    Characters are counted as systems in JavaScript and Java count them: one outside the basic plane is two.

    Args:
        key: what the payment is found again by; may be ''.
        notes: a sentence for people; may be ''.
        length_max: how many characters the system takes; None where it says nothing.

    Raises:
        ValueError: the key alone is longer.
    """
    text = f"{key} {notes}".strip()
    if length_max is None:
        return text
    cut = text.encode("utf-16-le", "replace")[: 2 * length_max].decode("utf-16-le", "ignore").rstrip()
    if not cut.startswith(key):
        raise ValueError(f"a key of {len(key)} characters does not fit into {length_max}")
    return cut
