"""Which words and signs name a currency. It knows no amounts and reads no files."""

from __future__ import annotations

from typing import Final

_CODES: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
    "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR "
    "ZMW ZWG"
)
# ISO 4217, its active codes of money (no metals, no funds, no testing codes); the old ones that euro
# countries' archives still hold are left out, because an amount in them cannot pay an invoice any more.
CURRENCIES: Final = frozenset(_CODES.split())

SYMBOLS: Final = {
    "€": "EUR",
    "£": "GBP",
    "R$": "BRL",
    "US$": "USD",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "₹": "INR",
    "₺": "TRY",
}
"""Signs that name one currency; looked up in capitals."""

VAGUE_SYMBOLS: Final = ("$", "¥", "KR", "KR.", "FR.")
"""Signs that several currencies share: they may stand beside an amount, but say nothing."""
