"""Write and read flat XML elements: one level of named texts, as invoicing systems that speak XML use them.

Read elements are tables of texts, so that `reconcile.post.answers` reads amounts and dates out of them. Must not: know
what an element means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lxml import etree

from reconcile.post.remote import Unclear

NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped (its production 2, `Char`)."""


def element_body(name: str, values: Iterable[tuple[str, str, str]]) -> bytes:
    """Write an element with one child for each name, type ('' for none) and text.

    Characters that XML cannot hold are left out; all others come back as they are.
    """
    root = etree.Element(name)
    for child_name, kind, text in values:
        child = etree.SubElement(root, child_name, {"type": kind} if kind else {})
        child.text = NOT_IN_XML.sub("", text)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def a_row(element: etree._Element, name: str) -> Mapping[str, str]:
    """Return the texts of an element's children by name; '' for what is there and empty.

    Raises:
        Unclear: the element has another name, or says the same thing twice.
    """
    if element.tag != name:
        message = f"its answer has no {name}"
        raise Unclear(message)
    row: dict[str, str] = {}
    for child in _children(element):
        if child.tag in row:
            message = f"its answer has a {name} that says {str(child.tag)[:40]} twice"
            raise Unclear(message)
        row[child.tag] = str(child.xpath("string()")).strip()
    return row


def the_rows(element: etree._Element, names: Iterable[str], name: str) -> list[Mapping[str, str]]:
    """Return the children of a list, all of one name; the list itself may have any of `names`.

    Raises:
        Unclear: it is another list, or something else stands in it.
    """
    if element.tag not in names:
        message = f"its answer has no list of {name}s"
        raise Unclear(message)
    return [a_row(child, name) for child in _children(element)]


def _children(element: etree._Element) -> Iterator[etree._Element]:
    """Leave out comments and processing instructions, whose tags are no texts."""
    return (child for child in element if isinstance(child.tag, str))
