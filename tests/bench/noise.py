"""How text gets damaged between a payer's hand and a statement: slips, misread letters, cuts, lost accents."""

from __future__ import annotations

import unicodedata
from random import Random
from typing import Final

_MISREAD: Final = {
    "0": "O", "O": "0", "1": "I", "I": "1", "5": "S", "S": "5", "8": "B", "B": "8", "2": "Z", "6": "G",
}  # fmt: skip
_SPELT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "Ä": "Ae", "Ö": "Oe",
                 "Ü": "Ue", "Å": "Aa", "Ø": "Oe", "Æ": "Ae"}  # fmt: skip
_UNDECOMPOSED: Final = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss"})


def plain(text: str) -> str:
    """Take accents off: Müller becomes Muller."""
    letters = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return "".join(c for c in letters if not unicodedata.combining(c))


def spelt_out(text: str) -> str:
    """Spell accents out: Müller becomes Mueller."""
    return plain("".join(_SPELT.get(c, c) for c in text))


def folded(text: str) -> str:
    """Return capitals and digits only, for comparing."""
    return "".join(c for c in plain(text).upper() if c.isalnum())


def slip(rng: Random, text: str) -> str:
    """Make one slip of a digit: another, two swapped, one lost, one doubled, one misread as a letter."""
    places = [i for i, c in enumerate(text) if c.isdigit()]
    way = rng.choices(("other", "swap", "lost", "doubled", "misread"), (26, 22, 20, 14, 18))[0]
    place = rng.choice(places)
    if way == "swap":
        pairs = [i for i in places if i + 1 < len(text) and text[i + 1].isdigit() and text[i] != text[i + 1]]
        if pairs:
            place = rng.choice(pairs)
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if way == "lost":
        return text[:place] + text[place + 1 :]
    if way == "doubled":
        return text[:place] + text[place] + text[place:]
    if way == "misread" and text[place] in "015826":
        return text[:place] + _MISREAD[text[place]] + text[place + 1 :]
    digit = rng.choice([d for d in "0123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def name_slip(rng: Random, name: str) -> str:
    """Make one slip in a word of five letters or more."""
    words = name.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return name
    at = rng.choice(long)
    word, place = words[at], rng.randrange(1, len(words[at]) - 1)
    way = rng.choice(("swap", "lost", "doubled"))
    if way == "swap":
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    elif way == "lost":
        word = word[:place] + word[place + 1 :]
    else:
        word = word[:place] + word[place] + word[place:]
    return " ".join([*words[:at], word, *words[at + 1 :]])


def is_one_slip(a: str, b: str) -> bool:
    """Return whether two texts are equal or one slip (also of neighbours swapped) apart."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) != len(b):
        short, long = sorted((a, b), key=len)
        return short[head:] == long[head + 1 :]
    return a[head + 1 :] == b[head + 1 :] or (
        a[head : head + 2][::-1] == b[head : head + 2] and a[head + 2 :] == b[head + 2 :]
    )


def broken(text: str, width: int, mark: str) -> str:
    """Break text into pieces of `width` characters, in the middle of words."""
    return mark.join(text[i : i + width] for i in range(0, len(text), width))
