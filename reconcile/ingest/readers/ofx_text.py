"""From a bank's OFX bytes to clean text: charset, header, comments, CDATA, entities, elements, and the count.

Knows how OFX is written, not what a statement or a transaction means, and rejects nothing.
"""

from __future__ import annotations

import codecs
import html
import re
from html.entities import html5
from typing import Final

OPENING_OF_TRANSACTION: Final = re.compile(r"<STMTTRN\s*/?>", re.IGNORECASE)
_OPENING_OF_COMMENT: Final = re.compile(r"<!--|<!\[CDATA\[")

# What may stand before <OFX>: header lines, comments, processing instructions. A DOCTYPE is let through so
# that the reader can say why it refuses the file. Atomic groups: no header can make this search slow.
_HEADER: Final = re.compile(
    r"(?>[^<]+|<!--.*?-->|<\?[^>]*>)*+(?=<OFX[\s>]|<!DOCTYPE\s+OFX\b)", re.IGNORECASE | re.DOTALL
)
_HEADER_BYTES_MAX: Final = 65_536

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A header on one line glues the next key to the value ("CHARSET:1252COMPRESSION:NONE"): narrow forms first.
_DECLARED: Final = re.compile(
    r"(?:CHARSET\s*:|\sencoding\s*=\s*[\"'])\s*((?:ISO-)?8859-\d{1,2}|(?:WINDOWS-|CP)?125\d|[\w-]+)",
    re.IGNORECASE,
)
# Bytes 80 to 9F are letters in cp1252 and control characters in 8859-1, which no statement means.
_CHARSETS: Final = {
    "1252": "cp1252", "8859-1": "cp1252", "8859-15": "iso8859-15", "8859-2": "iso8859-2",
    "1250": "cp1250", "1251": "cp1251", "1253": "cp1253", "1254": "cp1254", "1257": "cp1257",
    "UTF-8": "utf-8",
}  # fmt: skip

# Control characters, and the invisible ones that reorder or break text on an accountant's screen.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def is_ofx(data: bytes) -> bool:
    """Return whether the first markup of the file, its header apart, is `<OFX>`."""
    header = _header(data)
    if header is None:
        return False
    line_before = re.split(r"[\n\r>]", header)[-1]
    # A payer may write "<OFX>" into a field of a CSV; a header has no delimiters.
    return re.search(r"[;,|\t\"]", line_before) is None


def charset_of(data: bytes) -> str:
    """Return the file's codec: by its byte order mark, else UTF-8 if sound, else as declared or cp1252.

    Banks write UTF-8 under `CHARSET:1252`; bytes that are sound UTF-8 are never anything else in practice.
    """
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return charset
    if data[1:2] == b"\0":
        return "utf-16-le"
    if data[:1] == b"\0":
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _declared_charset(data)
    return "utf-8"


def body_text(data: bytes, charset: str) -> str:
    """Return the text from `<OFX>` on, without comments and invisible characters; empty where there is none.

    Line ends become newlines. What CDATA holds is escaped instead, so that it reads as text like any other.
    """
    text = _INVISIBLE.sub("", data.decode(charset, errors="replace"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    header = _HEADER.match(text)
    return "" if header is None else _without_comments(text[header.end() :])


def count_transactions(data: bytes, charset: str) -> int:
    """Count the openings of transactions in the raw bytes, comments and CDATA apart.

    Shares nothing with the reading of the transactions: where the two agree, none is lost.
    """
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>")):
        first, *others = data.split(opening.encode(charset))
        data = first + b"".join(other.split(closing.encode(charset), 1)[-1] for other in others)
    marker = re.escape("<STMTTRN".encode(charset))
    # The zero bytes are UTF-16's; <STMTTRNRS> and <STMTTRNP> are other elements.
    return len(re.findall(marker + rb"(?!\0?[A-Za-z0-9._])", data, re.IGNORECASE))


def entities_in(text: str) -> dict[str, str]:
    """Return what each entity that the text uses stands for. An unknown one, or a bare `&`, is no entity."""
    return {entity: _meaning(entity) for entity in set(_ENTITY.findall(text))}


def aggregate_text(text: str, name: str, elements: str) -> str:
    """Return the text of the first such aggregate: what follows its tag and consists of these elements only.

    Aggregates may be left open, so that the next one's elements would otherwise be taken for this one's.

    Args:
        text: Where to look.
        name: The aggregate's name.
        elements: The names of its elements, parted by `|`.
    """
    found = re.search(rf"<{name}\s*>((?:\s*</?(?:{elements})\s*/?>[^<]*)*)", text, re.IGNORECASE)
    return found[1] if found else ""


def element_value(text: str, name: str) -> str:
    """Return the element's first value that is not empty, white space folded; "" where there is none."""
    found = re.search(rf"<{name}\s*>\s*([^<\s][^<]*)", text, re.IGNORECASE)
    if found is None:
        return ""
    plain = _ENTITY.sub(lambda entity: _meaning(entity[0]), found[1])
    return " ".join(plain.split())


def _header(data: bytes) -> str | None:
    """Return what stands before `<OFX>`, as far as it is ASCII; None where the file is no OFX."""
    # Without its zero bytes UTF-16 reads like ASCII.
    header = _HEADER.match(data[:_HEADER_BYTES_MAX].replace(b"\0", b"").decode("latin-1"))
    return None if header is None else header[0]


def _declared_charset(data: bytes) -> str:
    declared = (name.upper() for name in _DECLARED.findall(_header(data) or ""))
    names = (re.sub(r"^(?:ISO-|WINDOWS-|CP)", "", name) for name in declared)
    return next((_CHARSETS[name] for name in names if name in _CHARSETS), "cp1252")


def _without_comments(text: str) -> str:
    """Drop comments and escape CDATA in one pass, whichever opens first; what never closes is text."""
    pieces: list[str] = []
    done = 0
    closings = {"<!--": "-->", "<![CDATA[": "]]>"}
    for opening in _OPENING_OF_COMMENT.finditer(text):
        closing = closings.get(opening[0])
        if opening.start() < done or closing is None:
            continue
        end = text.find(closing, opening.end())
        if end < 0:
            del closings[opening[0]]  # no later one closes either: do not search to the end again
            continue
        pieces.append(text[done : opening.start()])
        if opening[0] == "<![CDATA[":
            pieces.append(html.escape(text[opening.end() : end], quote=False))
        done = end + len(closing)
    return "".join([*pieces, text[done:]])


def _meaning(entity: str) -> str:
    if entity[1] == "#":
        return _INVISIBLE.sub("", html.unescape(entity))
    return _INVISIBLE.sub("", html5.get(entity[1:], entity))
