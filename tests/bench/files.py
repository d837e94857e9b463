"""Write a world into a folder: receivables, statements as banks write them, and the truth.

`lines_read.csv` has the statements' lines as a perfect reader would read them, for the baseline and the timings.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.bench.model import Line, World
from tests.bench.profiles import Profile

# Header words by role, the delimiter, the decimal mark, the way of dates, the encoding.
CSV: Final[dict[str, tuple[dict[str, str], str, str, str, str]]] = {
    "csv_de": ({"date": "Buchungstag", "value": "Wertstellung", "name": "Auftraggeber/Empfänger", "iban": "Gegenkonto",
                "memo": "Verwendungszweck", "amount": "Betrag", "currency": "Währung"}, ";", ",", "%d.%m.%Y", "cp1252"),
    "csv_de_camt": ({"account": "Auftragskonto", "date": "Buchungstag", "value": "Valutadatum", "kind": "Buchungstext",
                     "memo": "Verwendungszweck", "e2e": "Kundenreferenz (End-to-End)",
                     "name": "Beguenstigter/Zahlungspflichtiger", "iban": "Kontonummer/IBAN", "amount": "Betrag",
                     "currency": "Waehrung", "info": "Info"}, ";", ",", "%d.%m.%y", "cp1252"),
    "csv_nl": ({"date": "Boekdatum", "account": "Rekeningnummer", "amount": "Bedrag", "currency": "Munt",
    "name": "Naam",
                "iban": "Tegenrekening", "memo": "Omschrijving"}, ";", ",", "%Y-%m-%d", "utf-8"),
    "csv_fr": ({"date": "Date de comptabilisation", "name": "Nom", "memo": "Libellé", "debit": "Débit",
    "credit": "Crédit",
                "currency": "Devise"}, ";", ",", "%Y-%m-%d", "utf-8-sig"),
    "csv_es": ({"date": "Fecha contable", "value": "Fecha valor", "memo": "Concepto", "name": "Ordenante",
                "amount": "Importe", "currency": "Divisa"}, ";", ",", "%Y-%m-%d", "utf-8"),
    "csv_no": ({"date": "Bokføringsdato", "memo": "Melding", "name": "Navn", "debit": "Ut", "credit": "Inn",
                "currency": "Valuta"}, ";", ",", "%d.%m.%Y", "utf-8"),
    "csv_pl": ({"date": "Data księgowania", "name": "Dane kontrahenta", "iban": "Rachunek kontrahenta",
                "memo": "Tytułem", "amount": "Kwota", "currency": "Waluta"}, ";", ",", "%Y-%m-%d", "utf-8"),
    "csv_uk": ({"date": "Posting Date", "name": "Name", "memo": "Narrative", "debit": "Paid out", "credit": "Paid in",
                "currency": "Currency"}, ",", ".", "%Y-%m-%d", "utf-8"),
    "csv_us": ({"date": "Posted Date", "id": "Transaction ID", "memo": "Description", "name": "Payer",
    "amount": "Amount",
                "currency": "Currency"}, ",", ".", "%Y-%m-%d", "utf-8"),
    "csv_ch": ({"date": "Buchungsdatum", "name": "Zahlungspflichtiger", "iban": "Gegenkonto", "memo": "Mitteilung",
                "debit": "Belastung", "credit": "Gutschrift", "currency": "Währung"}, ";", ".", "%Y-%m-%d", "utf-8"),
    "csv_en": ({"date": "Booking Date", "name": "Counterparty Name", "memo": "Details", "amount": "Transaction Amount",
                "currency": "Currency", "balance": "Balance"}, ",", ".", "%Y-%m-%d", "utf-8"),
}  # fmt: skip


def written(amount: int, decimals: int, mark: str = ".") -> str:
    """Write an amount of smallest units as a decimal."""
    return f"{Decimal(amount).scaleb(-decimals):.{decimals}f}".replace(".", mark)


def write(world: World, profile: Profile, rng: Random, folder: Path) -> None:
    """Write everything; the place of each line in its file is known only then."""
    (folder / "statements").mkdir(parents=True, exist_ok=True)
    for old in (*(folder / "statements").glob("*-??.*"), folder / "remittances.csv"):  # another world's
        old.unlink(missing_ok=True)
    _table(folder / "customers.csv", (
        {"customer_id": c.customer_id, "name": c.name, "iban": c.iban if c.iban_known else "",
        "aliases": "|".join(c.aliases),
         "parent_id": c.parent.customer_id if c.parent else ""} for c in world.customers))  # fmt: skip
    shuffled = rng.sample(world.invoices, len(world.invoices))
    _table(folder / "invoices.csv", (
        {"invoice_id": i.invoice_id, "invoice_number": i.number, "customer_id": i.customer.customer_id,
         "issue_date": i.issued, "due_date": i.due, "currency": i.currency,
         "total": written(i.total, _decimals(world, i.currency)), "amount_due": written(i.amount_due, _decimals(world,
         i.currency)),
         "kind": i.kind, "status": i.status, "creditor_reference": i.creditor_reference,
         "purchase_order": i.purchase_order, "discount_date": i.discount_date or "",
         "discount_percent": i.discount_percent or ""} for i in shuffled))  # fmt: skip
    booked = {id(line) for line in world.lines}
    advised = [advice for advice in world.advices if id(advice.line) in booked]
    if advised:
        _table(folder / "remittances.csv", (
            {"remittance_id": a.remittance_id, "customer_id": i.customer.customer_id,
             "payment_reference": a.payment_reference, "payment_date": a.line.booked,
             "payment_amount": written(a.line.amount, world.decimals), "invoice_number": i.number,
             "amount": written(amount, world.decimals)} for a in advised for i, amount in a.line.pays))  # fmt: skip
    placed = _statements(world, profile, rng, folder / "statements")
    _table(folder / "lines_read.csv", (
        {"source_file": file, "source_row": row, "amount": written(line.amount, world.decimals),
        "account": line.account,
         "text": f"{line.memo} {line.name_field}"} for file, row, line in placed))  # fmt: skip
    _table(folder / "truth.csv", (
        {"source_file": file, "source_row": row, "invoice_id": i.invoice_id, "amount": written(amount, world.decimals)}
        for file, row, line in placed for i, amount in line.pays), ("source_file", "source_row", "invoice_id",
            "amount"))  # fmt: skip
    _table(folder / "classes.csv", (
        {"source_file": file, "source_row": row, "amount": written(line.amount, world.decimals), "class": line.cls,
         "outcome": line.outcome} for file, row, line in placed))  # fmt: skip


def _decimals(world: World, currency: str) -> int:
    return world.decimals if currency == world.currency else 2


def _table(path: Path, rows: Iterable[dict[str, Any]], columns: Sequence[str] = ()) -> None:
    listed = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns or list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)


def _statements(world: World, profile: Profile, rng: Random, folder: Path) -> list[tuple[str, int, Line]]:
    """Write the lines into a few files in order of date; the next file may repeat the last day of the one before."""
    kind = world.kind
    count = rng.choice((2, 3, 4)) if len(world.lines) > 40 else 1
    size = -(-len(world.lines) // count)
    account = f"{rng.randrange(10**9, 10**10)}"
    placed: list[tuple[str, int, Line]] = []
    start = 0
    for part in range(count):
        lines = world.lines[start : start + size]
        while (
            lines
            and start + len(lines) < len(world.lines)
            and world.lines[start + len(lines)].booked == lines[-1].booked
        ):
            lines.append(world.lines[start + len(lines)])
        repeated: list[Line] = []
        if profile.overlap and part and lines:
            last = world.lines[start - 1].booked
            repeated = [line for line in world.lines[:start] if line.booked == last]
        start += len(lines)
        if not lines:
            break
        name = f"{account[-4:]}-{part + 1:02d}.{'csv' if kind.startswith('csv') else 'ofx'}"
        placed += [(name, len(repeated) + row, line) for row, line in enumerate(lines, start=1)]
        every = repeated + lines
        (_csv if kind.startswith("csv") else _ofx)(folder / name, kind, every, world, account)
    return placed


def _csv(path: Path, kind: str, lines: Sequence[Line], world: World, account: str) -> None:
    roles, delimiter, mark, dates, encoding = CSV[kind]
    balance = 0
    with path.open("w", newline="", encoding=encoding, errors="replace") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(roles.values())
        for line in lines:
            balance += line.amount
            amount = written(line.amount, world.decimals, mark)
            money = written(abs(line.amount), world.decimals, mark)
            values = {
                "account": account, "date": line.booked.strftime(dates), "value": line.booked.strftime(dates),
                "name": line.name_field, "memo": line.memo, "amount": amount, "currency": world.currency,
                "debit": money if line.amount < 0 else "", "credit": money if line.amount > 0 else "",
                "iban": line.account, "kind": "", "e2e": "", "info": "", "id": f"{line.booked:%y%m%d}{line.place:07d}",
                "balance": written(balance, world.decimals, mark),
            }  # fmt: skip
            writer.writerow([values[role] for role in roles])


def _ofx(path: Path, kind: str, lines: Sequence[Line], world: World, account: str) -> None:
    is_xml = kind == "ofx_xml"

    def tag(name: str, value: str) -> str:
        return f"<{name}>{escape(value, quote=False)}" + (f"</{name}>" if is_xml else "\n")

    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" '
        'NEWFILEUID="NONE"?>\n'
        if is_xml
        else "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
    )
    bank = tag("BANKID", "770099") + tag("ACCTID", account) + tag("ACCTTYPE", "CHECKING")
    status = "<STATUS>" + tag("CODE", "0") + tag("SEVERITY", "INFO") + "</STATUS>"
    period = tag("DTSTART", _day(lines[0].booked)) + tag("DTEND", _day(lines[-1].booked))
    rows = []
    for line in lines:
        row = tag("TRNTYPE", "CREDIT" if line.amount > 0 else "DEBIT") + tag("DTPOSTED", _day(line.booked))
        row += tag("TRNAMT", written(line.amount, world.decimals)) + tag(
            "FITID", f"{_day(line.booked)}{line.place:07d}"
        )
        row += tag("NAME", line.name_field) if line.name_field else ""
        row += tag("MEMO", line.memo) if line.memo else ""
        rows.append(f"<STMTTRN>{row}</STMTTRN>\n")
    made = tag("DTSERVER", _day(lines[-1].booked)) + tag("LANGUAGE", "ENG")
    signon = f"<SIGNONMSGSRSV1><SONRS>{status}{made}</SONRS></SIGNONMSGSRSV1>"
    statement = f"<STMTRS>{tag('CURDEF', world.currency)}<BANKACCTFROM>{bank}</BANKACCTFROM><BANKTRANLIST>{period}"
    entry = f"{tag('TRNUID', '1')}{status}{statement}{''.join(rows)}</BANKTRANLIST></STMTRS>"
    body = f"<BANKMSGSRSV1><STMTTRNRS>{entry}</STMTTRNRS></BANKMSGSRSV1>"
    path.write_text(f"{head}<OFX>{signon}\n{body}</OFX>\n", encoding="utf-8")


def _day(date: dt.date) -> str:
    return f"{date:%Y%m%d}"
