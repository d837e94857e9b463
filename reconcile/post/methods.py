"""Map payment methods to an invoicing system's own words and back; a word that it does not have is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconcile.model import PaymentMethod
from reconcile.post.remote import NotOffered, Unclear


@dataclass(frozen=True)
class Methods:
    """A system's words by method. Where several methods have one word, the first is meant on the way back."""

    system: str
    words: Mapping[PaymentMethod, str]

    def theirs(self, method: PaymentMethod) -> str:
        """Return the system's word.

        Raises:
            NotOffered: it has none.
        """
        if method not in self.words:
            known = ", ".join(known.value for known in self.words)
            message = f"{self.system} knows no payment by {method.value}; it knows {known}"
            raise NotOffered(message)
        return self.words[method]

    def ours(self, word: object) -> PaymentMethod | None:
        """Return the method that a word means; None where the system says nothing.

        Raises:
            Unclear: the word is none of the system's.
        """
        if word in (None, ""):
            return None
        for method, theirs in self.words.items():
            if theirs == word:
                return method
        message = f"its answer has an unknown payment method: {str(word)[:40]!r}"
        raise Unclear(message)
