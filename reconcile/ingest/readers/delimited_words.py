"""The words by which banks name the columns of their files, in the languages we have met.

A list, so that one can be added without reading code. Words are written as `folded` leaves them: small
letters, no accents, no punctuation, no currency. Where several stand in one header, the one that is named
first here is taken.
"""

from __future__ import annotations

from typing import Final


def _listed(words: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in words.split(","))


BOOKED_DATE: Final = _listed(
    """
    booked date, booking date, posting date, posted date, date posted, post date, posted, booked, entry
    date, buchungstag, buchungsdatum, datum buchung, buchung, date de comptabilisation, date comptable,
    date d operation, date de l operation, date operation, fecha contable, fecha de contabilizacion, fecha
    de operacion, fecha operacion, data contabile, data registrazione, data operazione, data movimento,
    boekdatum, boekingsdatum, data do lancamento, data de lancamento, data lancamento, data mov, data
    ksiegowania, data operacji, bokforingsdag, bokforingsdatum, bokfort, bogfort, bogforingsdato,
    bokforingsdato, kirjauspaiva, completed date, completion date, settlement date, process date, date
    completed, date, datum, fecha, data, dato, paivamaara, pvm, transaction date, date of transaction,
    umsatztag, transaktionsdatum, transaktionsdag, transactiedatum, data transakcji, date transaction,
    date time
    """
)

VALUE_DATE: Final = _listed(
    """
    value date, valuedate, date value, effective date, wertstellungsdatum, wertstellung, valutadatum,
    valuta datum, wert, date de valeur, date valeur, fecha valor, fecha de valor, data valuta, rentedatum,
    data valor, data waluty, rentedato, valutadag, valutadato, valuteringsdag, arvopaiva
    """
)

# German banks say Valuta for the value date, Nordic and Dutch ones for the currency: the values tell.
VALUTA: Final = _listed("valuta")

AMOUNT: Final = _listed(
    """
    amount, transaction amount, value, sum, betrag, umsatz, buchungsbetrag, umsatzbetrag, montant, montant
    de l operation, importe, importe de la operacion, importo, bedrag, transactiebedrag, valor, montante,
    kwota, kwota operacji, kwota transakcji, belopp, belob, belop, maara, summa
    """
)

DEBIT: Final = _listed(
    """
    debit, debits, debit amount, amount debit, money out, paid out, payments out, withdrawal, withdrawals,
    withdrawal amount, out, soll, belastung, belastungen, debit eur, cargo, cargos, debe, debito, debitos,
    dare, uscite, addebito, addebiti, debet, af, saidas, saida, obciazenia, obciazenie, wydatki, ut,
    uttag, ut fra konto, ud
    """
)

CREDIT: Final = _listed(
    """
    credit, credits, credit amount, amount credit, money in, paid in, payments in, deposit, deposits,
    deposit amount, lodgement, lodgements, in, haben, gutschrift, gutschriften, abono, abonos, haber,
    credito, creditos, avere, entrate, accredito, accrediti, kredit, bij, entradas, entrada, uznania,
    uznanie, wplywy, inn, insattning, inn pa konto, ind
    """
)

# Either says debit or credit, or (in German files, of all things) holds the signed amount itself: the values
# tell.
INDICATOR: Final = _listed(
    """
    debit credit, credit debit, debit or credit, credit or debit, debit credit indicator, credit debit
    indicator, dr cr, cr dr, d c, c d, dc, cd, indicator, sign, direction, soll haben, haben soll, s h,
    soll haben kennzeichen, sens, debe haber, d h, dare avere, segno, af bij, bij af, creditdebet, credit
    debet, debet credit, debito credito, wn ma, strona, tecken
    """
)

CURRENCY: Final = _listed(
    """
    currency, currency code, ccy, cur, wahrung, waehrung, devise, monnaie, moneda, divisa, munt,
    muntsoort, moeda, waluta, valuutta, mynt
    """
)

ACCOUNT: Final = _listed(
    """
    own account, my account, account iban, own iban, account, account number, account no, account id,
    auftragskonto, iban auftragskonto, eigenes konto, konto, kontonummer, rekening, rekeningnummer, iban
    bban, compte, numero de compte, cuenta, numero de cuenta, conto, numero conto, conta, numer konta,
    rachunek, tili
    """
)

# A bare IBAN may be ours or the other side's: the values tell.
IBAN: Final = _listed("iban")

COUNTERPARTY_NAME: Final = _listed(
    """
    counterparty name, counterparty, name, merchant, merchant name, customer, customer name, partner,
    partner name, other party, third party, party, auftraggeber empfanger, auftraggeber zahlungsempfanger,
    auftraggeber begunstigter, begunstigter zahlungspflichtiger, beguenstigter zahlungspflichtiger,
    zahlungsempfanger zahlungspflichtiger, empfanger zahlungspflichtiger, begunstigter auftraggeber, name
    zahlungsbeteiligter, zahlungsbeteiligter, gegenpartei, nom, tiers, contrepartie, nombre, contraparte,
    nome, controparte, naam, naam omschrijving, naam tegenpartij, naam tegenrekening, tegenpartij,
    kontrahent, dane kontrahenta, nazwa kontrahenta, nadawca odbiorca, navn, namn, nimi, saaja maksaja,
    motpart
    """
)

PAYER_NAME: Final = _listed(
    """
    payer, payer name, sender, sender name, remitter, remitter name, from, paid by, auftraggeber,
    zahlungspflichtiger, zahlungspflichtige r, donneur d ordre, ordenante, ordinante, mittente, ordenante
    nombre, opdrachtgever, nadawca, zleceniodawca, avsandare, avsender, maksaja
    """
)

PAYEE_NAME: Final = _listed(
    """
    payee, payee name, beneficiary, beneficiary name, recipient, recipient name, receiver, to, paid to,
    empfanger, zahlungsempfanger, zahlungsempfanger in, begunstigter, beguenstigter, beneficiaire,
    beneficiario, destinatario, begunstigde, ontvanger, odbiorca, mottagare, mottaker, modtager, saaja
    """
)

COUNTERPARTY_ACCOUNT: Final = _listed(
    """
    counterparty account, counterparty account number, counterparty iban, payee account, payee account
    number, payee iban, payer account, beneficiary account, beneficiary iban, partner iban, partner
    account number, kontonummer iban, gegenkonto, iban zahlungsbeteiligter, iban des auftraggebers, compte
    contrepartie, cuenta contrapartida, cuenta beneficiario, iban beneficiario, iban controparte,
    tegenrekening, tegenrekening iban bban, numer rachunku kontrahenta, rachunek kontrahenta,
    mottagarkonto, motkonto
    """
)

# Of these, every one is taken, in the order of the header.
REMITTANCE_TEXT: Final = _listed(
    """
    description, memo, details, detail, narrative, narration, particulars, transaction description,
    message, text, transaction details, transaction text, remittance information, remittance text,
    remittance info, remittance, payment details, note, notes, additional information, subject, purpose,
    payment purpose, verwendungszweck, beschreibung, mitteilung, libelle, libelle operation, libelle de l
    operation, motif, communication, concepto, descripcion, observaciones, causale, descrizione,
    descrizione operazione, mededelingen, omschrijving, descricao, historico, opis, opis operacji, opis
    transakcji, tytul, tytulem, szczegoly, meddelande, melding, tekst, forklaring, beskrivning,
    beskrivelse, selite, viesti
    """
)

PAYMENT_REFERENCE: Final = _listed(
    """
    reference, ref, payment reference, payment ref, customer reference, your reference, client reference,
    end to end id, end to end reference, end to end identification, endtoendid, e2e id, creditor
    reference, invoice number, invoice no, check number, cheque number, check no, cheque no, referenz,
    kundenreferenz, kundenreferenz end to end, end to end referenz, end to end identifikation,
    zahlungsreferenz, referencia, referencia del cliente, riferimento, betalingskenmerk, kenmerk,
    reference client, referencja, referencje, referens, ocr, kid, viite, viitenumero
    """
)

BANK_REFERENCE: Final = _listed(
    """
    transaction id, transactionid, transaction reference, transaction ref, transaction number, transaction
    no, bank reference, entry reference, operation id, unique id, fitid, id, bankreferenz, transaktions
    id, numero d operation, numero de operacion, numero operazione, transactiereferentie, volgnr, id
    operacji, numer transakcji, verifikationsnummer, arkivtunnus, arkiveringsreferanse
    """
)

TRANSACTION_TYPE: Final = _listed(
    """
    transaction type, type, kind, payment type, buchungstext, umsatzart, umsatztyp, transaktionstyp,
    vorgang, type d operation, type operation, tipo, tipo de operacion, tipo operacion, tipo movimento,
    tipo operazione, mutatiesoort, typ, typ operacji, typ transakcji, rodzaj operacji, tapahtumalaji,
    transaktionstype
    """
)

BALANCE: Final = _listed(
    """
    running balance, balance after, balance after transaction, account balance, balance, ledger balance,
    saldo nach buchung, kontostand, saldo, solde, saldo contabile, saldo na mutatie, saldo na trn, saldo
    po operacji, saldo po transakcji, saldo efter, saldo apos movimento
    """
)

DEBIT_WORDS: Final = _listed(
    """
    d, dr, db, dbit, debit, debits, out, outgoing, money out, paid out, withdrawal, s, soll, belastung,
    af, debet, debe, cargo, dare, uscita, debito, wn, obciazenie, ut, ud, expense, outflow, kiadas
    """
)

CREDIT_WORDS: Final = _listed(
    """
    c, cr, crdt, credit, credits, in, incoming, money in, paid in, deposit, h, haben, gutschrift, bij,
    kredit, haber, abono, avere, entrata, credito, ma, uznanie, inn, ind, income, inflow, bevetel
    """
)
