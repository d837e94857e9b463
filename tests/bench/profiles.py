"""The countries and companies that worlds are made of: languages, numberings, banks, shares of hard cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SHARES: Final[dict[str, float]] = {
    "clean": 27, "reformatted": 11, "ref_typo": 4, "ref_truncated": 1.5, "by_name": 10, "account_only": 1, "alias": 1,
    "person": 0.8, "multi_refs": 6, "multi_ranges": 1.2, "multi_truncated": 1.5, "multi_name": 1.5, "all_open": 0.8,
    "oldest_run": 0.5, "credit_netted": 0.8, "discount": 1.8, "discount_not_agreed": 0.6, "bank_charge": 1.5,
    "cents": 0.8,
    "partial": 4, "overpaid": 1.5, "duplicate": 0.7, "paid_before": 0.6, "wrong_ref": 0.7, "stale_ref": 0.5,
    "others_ref": 0.4, "third_party_ref": 1.2, "third_party_none": 0.7, "coincidence": 0.8, "number_trap": 1,
    "sibling_pays": 0.5, "parent_pays": 0.7, "parent_no_ref": 0.3, "agent_ref": 0.5, "advice": 1, "prepaid": 0.8,
    "returned": 0.8, "repaid": 0.2, "refund": 0.6, "other_income": 3, "debit": 7, "supplier": 2, "ambiguous": 0.5,
    "void_quoted": 0.3, "draft_quoted": 0.2, "other_currency": 0.3,
}  # fmt: skip
"""How often each class of line is planned, in any unit. A profile's own shares stand over these."""


@dataclass(frozen=True)
class Profile:
    """One country's companies and banks.

    tongues: languages, likeliest first. schemes: ways of numbering invoices, one drawn for each world. structured: the
    kind of creditor reference and the share of payers that use it. widths: memo lengths that banks keep. name_widths:
    those of the name. name_in: share of the name in its own field, in the memo, in both, in neither. is_plain: the bank
    writes capitals without accents. formats: statement files, one drawn for each world. files: how many, in turn.
    """

    currency: str
    tongues: tuple[str, ...]
    schemes: tuple[str, ...]
    widths: tuple[int, ...]
    name_widths: tuple[int, ...]
    formats: tuple[str, ...]
    decimals: int = 2
    structured: tuple[str, float] = ("", 0.0)
    name_in: tuple[float, float, float, float] = (50, 15, 20, 15)
    is_plain: float = 0.5
    is_tagged: bool = False
    pieces: int = 0
    iban_country: str = ""
    iban_known: float = 0.0
    zipf: float = 0.85
    name_damage: float = 0.35
    customers_per_line: float = 0.125
    overlap: bool = False
    median: int = 400
    shares: dict[str, float] = field(default_factory=dict)


PROFILES: Final[dict[str, Profile]] = {
    "de": Profile(
        "EUR", ("de",), ("re_year", "r_short", "plain6", "year2_dash"), (140, 140, 108), (70, 27), ("csv_de",
        "csv_de_camt"),
        is_tagged=True, pieces=27, iban_country="DE", iban_known=0.45, name_in=(75, 3, 20, 2), is_plain=0.2,
        shares={"account_only": 2.5, "discount": 3.5, "by_name": 7},
    ),
    "nl": Profile(
        "EUR", ("nl",), ("year_run", "suffixed", "plain7_sparse"), (140, 80), (70, 32), ("csv_nl", "ofx_xml"),
        structured=("rf", 0.15), iban_country="NL", iban_known=0.35, name_in=(70, 10, 18, 2), is_plain=0.3,
        overlap=True,
    ),
    "fr": Profile(
        "EUR", ("fr",), ("fa_month", "dotted", "year_slash"), (80, 35, 140), (32, 35), ("ofx_sgml", "csv_fr"),
        name_in=(25, 40, 20, 15), is_plain=0.8, name_damage=0.5, shares={"partial": 6, "credit_netted": 2},
    ),
    "iberia": Profile(
        "EUR", ("es", "pt"), ("doc", "zeros_prefixed", "plain10"), (35, 60, 140), (35, 22), ("ofx_sgml", "csv_es"),
        name_in=(30, 35, 15, 20), is_plain=0.85, name_damage=0.5, shares={"by_name": 14, "multi_truncated": 2.5},
    ),
    "nordic": Profile(
        "NOK", ("nordic",), ("plain6", "plain4", "zeros"), (35, 70, 140), (35, 70), ("csv_no", "ofx_xml"),
        structured=("kid ocr viite", 0.7), name_in=(55, 10, 15, 20), is_plain=0.3, shares={"by_name": 5, "ref_typo": 3},
        median=3200,
    ),
    "pl": Profile(
        "PLN", ("pl",), ("polish", "polish_short", "suffixed"), (140, 105, 35), (70, 35), ("csv_pl", "ofx_xml"),
        pieces=35, iban_country="PL", iban_known=0.3, name_in=(60, 5, 30, 5), is_plain=0.4, median=1500,
        shares={"multi_ranges": 2.5, "discount": 0.8},
    ),
    "uk": Profile(
        "GBP", ("uk",), ("plain4", "letters_long", "hex", "zeros"), (18, 18, 35), (18, 22, 35), ("csv_uk", "ofx_sgml"),
        name_in=(60, 25, 5, 10), is_plain=0.9, name_damage=0.55, zipf=0.9,
        shares={"multi_refs": 2, "multi_truncated": 3, "ref_truncated": 3, "by_name": 14, "multi_ranges": 2},
    ),
    "us": Profile(
        "USD", ("us",), ("plain6", "embedded", "year2_dash", "ends_letter"), (32, 80, 80, 140), (22, 32, 32),
        ("ofx_sgml", "ofx_xml", "csv_us"), name_in=(55, 15, 15, 15), is_plain=0.95, name_damage=0.55, zipf=0.95,
        shares={"multi_refs": 11, "multi_truncated": 3, "clean": 18, "multi_name": 3, "all_open": 2,
        "bank_charge": 0.7},
    ),
    "ch": Profile(
        "CHF", ("ch", "fr"), ("plain10", "zeros", "year_slash"), (140, 70), (70, 35), ("csv_ch", "ofx_xml"),
        structured=("qrr rf", 0.65), iban_country="CH", iban_known=0.2, name_in=(60, 5, 25, 10), is_plain=0.3,
    ),
    "jp": Profile(
        "JPY", ("jp",), ("plain6", "year2_dash", "embedded_digits"), (48, 30), (48, 20), ("ofx_xml", "csv_en"),
        decimals=0,
        name_in=(45, 25, 10, 20), is_plain=0.95, name_damage=0.4, median=90000,
        shares={"by_name": 22, "clean": 17, "bank_charge": 4, "discount": 0.3},
    ),
    "kw": Profile(
        "KWD", ("kw",), ("year_slash", "hex", "plain4"), (35, 70, 140), (35, 32), ("csv_en", "ofx_sgml"), decimals=3,
        name_in=(45, 20, 20, 15), is_plain=0.9, name_damage=0.6, median=250,
        shares={"partial": 7, "agent_ref": 2, "prepaid": 2, "third_party_ref": 2.5},
    ),
    "dense": Profile(
        "EUR", ("uk", "de", "nl"), ("plain4", "plain6"), (35, 80, 140), (35,), ("csv_en", "ofx_sgml"),
        name_in=(40, 20, 15, 25), is_plain=0.6, name_damage=0.5, zipf=0.7,
        shares={"number_trap": 4, "coincidence": 2.5, "supplier": 5, "others_ref": 2, "wrong_ref": 2, "stale_ref": 1.5,
                "ref_typo": 7, "third_party_none": 2, "duplicate": 2},
    ),
}  # fmt: skip
