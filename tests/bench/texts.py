"""What payers and banks write, by language: words for invoices, payments, other numbers, returns, fees and income."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Texts:
    """One language's words. `bank` stands before or after what the payer wrote; `debits` and `income` are whole."""

    doc: tuple[str, ...]
    pay: tuple[str, ...]
    bank: tuple[str, ...]
    customer: tuple[str, ...]
    other_numbers: tuple[str, ...]
    part: tuple[str, ...]
    prepaid: tuple[str, ...]
    returned: tuple[str, ...]
    refund: tuple[str, ...]
    debits: tuple[str, ...]
    suppliers: tuple[str, ...]
    income: tuple[str, ...]
    thanks: tuple[str, ...]


def _texts(**words: str) -> Texts:
    return Texts(**{key: tuple(part.strip() for part in text.split("|")) for key, text in words.items()})


TEXTS: Final[dict[str, Texts]] = {
    "de": _texts(
        doc="Rechnung|Rg.|RgNr|Re.Nr.|Rechn. Nr.|Beleg||", pay="Zahlung|Überweisung|Ausgleich|Begleichung|",
        bank="GUTSCHRIFT|SEPA-UEBERWEISUNG|DAUERAUFTRAG|Echtzeit-Gutschrift|Sammelgutschrift",
        customer="Kd.-Nr.|Kundennr.|KD", other_numbers="Tel.|Auftrag|Bestellung|Vertrag Nr.|Lieferschein|vom",
        part="Teilzahlung|Rate|Abschlag|2. Rate", prepaid="Anzahlung Auftrag|Vorkasse|Akonto",
        returned="RÜCKLASTSCHRIFT|Retoure AC04|Rückgabe mangels Deckung MS03|Rücküberweisung Konto erloschen",
        refund="Erstattung|Gutschrift Auszahlung|Rückzahlung Guthaben",
        debits="Kontoführungsentgelt|Lohn/Gehalt|Miete Büro|Finanzamt USt|Krankenkasse Beitrag|Strom Abschlag",
        suppliers="Ihre Rechnung|Lieferantenrechnung|RE", income="Zinsen|Steuererstattung Finanzamt|Versicherung "
        "Schaden|"
        "Umbuchung Tagesgeld|Barzahlung Kasse", thanks="Danke|mit freundlichen Gruessen|",
    ),
    "nl": _texts(
        doc="factuur|factuurnr|fact.|nota|Factuurnummer||", pay="betaling|voldaan|overboeking|",
        bank="SEPA Overboeking|Overschrijving|Naam/Omschrijving|Spoedbetaling", customer="klantnr|debiteurnr",
        other_numbers="tel|order|bestelling|contract|pakbon|d.d.", part="deelbetaling|termijn|eerste termijn",
        prepaid="aanbetaling order|vooruitbetaling", returned="Storno|Terugboeking rekening opgeheven AC04|"
        "Retour onvoldoende saldo", refund="terugbetaling|restitutie", debits="Kosten zakelijke rekening|Salaris|"
        "Belastingdienst omzetbelasting|huur bedrijfspand|Energie termijn", suppliers="uw factuur|fact nr",
        income="Rente|Teruggave Belastingdienst|Uitkering verzekering|Storting spaarrekening", thanks="bedankt|",
    ),
    "fr": _texts(
        doc="facture|fact|fac.|fact no|Réf. facture||", pay="règlement|paiement|vir|solde|",
        bank="VIR SEPA RECU|VIREMENT DE|VIR INST|REMISE", customer="client|code client|n° client",
        other_numbers="tél|commande|contrat|devis|bon de livraison|du", part="acompte sur|versement partiel|1ère "
        "échéance",
        prepaid="acompte commande|avance travaux", returned="REJET VIREMENT|RETOUR AC04 compte clos|IMPAYE PROVISION "
        "INSUFFISANTE", refund="remboursement|restitution avoir", debits="Frais de tenue de compte|Salaire|URSSAF|"
        "Loyer|Prlv EDF|Cotisation carte", suppliers="votre facture|facture fournisseur", income="Intérêts créditeurs|"
        "Remboursement TVA|Indemnité assurance|Virement interne", thanks="merci|cordialement|",
    ),
    "es": _texts(
        doc="factura|fra.|fact.|DOC|Nº factura||", pay="pago|abono|transferencia|liquidación|",
        bank="TRANSFERENCIA RECIBIDA|ABONO|CREDITO|TRANSF. INMEDIATA", customer="cliente|cod. cliente",
        other_numbers="tlf|pedido|contrato|albarán|presupuesto|de fecha", part="pago parcial|a cuenta de|primer plazo",
        prepaid="anticipo pedido|señal", returned="DEVOLUCION TRANSFERENCIA|RECIBO DEVUELTO MS03|DEVUELTO CUENTA "
        "CANCELADA AC04", refund="reembolso|devolución saldo a favor cliente", debits="Comisión mantenimiento|Nómina|"
        "Seguridad Social|Alquiler local|Recibo luz", suppliers="su factura|pago fra.", income="Intereses|AEAT "
        "devolución IVA|Indemnización seguro|Traspaso interno", thanks="gracias|",
    ),
    "pt": _texts(
        doc="fatura|fat.|FT|DOC|fatura n.||", pay="pagamento|liquidação|transf|",
        bank="TRF CRED|CREDITO SEPA|TRANSFERENCIA|CREDITO", customer="cliente|cod cliente",
        other_numbers="tel|encomenda|contrato|guia|orçamento|de", part="pagamento parcial|prestação|por conta",
        prepaid="adiantamento encomenda|sinal", returned="DEVOLUCAO TRF|DEVOLVIDO CONTA ENCERRADA AC04|ESTORNO",
        refund="reembolso|devolução ao cliente", debits="Comissão de manutenção|Vencimentos|TSU Segurança Social|Renda",
        suppliers="v/ fatura|fatura fornecedor", income="Juros|Reembolso IVA|Indemnização seguro", thanks="obrigado|",
    ),
    "nordic": _texts(
        doc="faktura|fakt nr|lasku|OCR|KID|viite|fakturanr||", pay="betaling|maksu|betalning|innbetaling|",
        bank="Giro|Bankgiro inbetalning|TILISIIRTO|OVERFØRSEL|Innbetaling", customer="kundenr|asiakasnro|kundnummer",
        other_numbers="tlf|ordre|tilaus|sopimus|kontrakt|dato", part="delbetaling|osamaksu|avdrag",
        prepaid="forskudd ordre|ennakkomaksu|förskott", returned="RETUR BETALING|PALAUTUS AC04|Återbetalning konto "
        "avslutat|"
        "Tilbakeført", refund="tilbakebetaling|hyvitys|refusjon", debits="Kontogebyr|Lønn|Palkka|Skatteetaten|Husleie|"
        "Palvelumaksu", suppliers="Deres faktura|laskunne|faktura leverandør", income="Renter|Korko|Moms tilbage|"
        "Forsikring utbetaling", thanks="takk|kiitos|",
    ),
    "pl": _texts(
        doc="faktura|FV|fakt.|nr faktury|za fakturę||", pay="zapłata|płatność|przelew|",
        bank="PRZELEW PRZYCHODZĄCY|PRZELEW ELIXIR|UZNANIE|PRZELEW KRAJOWY", customer="nr klienta|klient",
        other_numbers="tel.|zamówienie|umowa|WZ|z dnia", part="częściowa zapłata|rata|I rata",
        prepaid="zaliczka zamówienie|przedpłata", returned="ZWROT PRZELEWU|ZWROT - rachunek zamknięty AC04|Brak "
        "środków "
        "zwrot", refund="zwrot nadpłaty|zwrot środków klient", debits="Opłata za prowadzenie "
        "rachunku|Wynagrodzenie|ZUS|"
        "Urząd Skarbowy VAT|Czynsz", suppliers="za fakturę nr|FV dostawca", income="Odsetki|Zwrot VAT US|Odszkodowanie "
        "polisa", thanks="dziękuję|",
    ),
    "uk": _texts(
        doc="invoice|inv|inv no|ref|bill||", pay="payment|pmt|settlement|paid|",
        bank="FASTER PAYMENTS RECEIPT|BANK GIRO CREDIT|BACS|FP|CHAPS", customer="a/c|cust ref|acc no",
        other_numbers="tel|PO|order|contract|del note|dated", part="part payment|instalment|on a/c of",
        prepaid="deposit for order|pro forma", returned="UNPAID ITEM|BACS RETURN ACCOUNT CLOSED|RETURNED PAYMENT "
        "REFER TO "
        "PAYER", refund="refund|credit balance refund", debits="MONTHLY ACCOUNT FEE|WAGES|HMRC VAT|RENT Q3|DIRECT "
        "DEBIT "
        "WATER|COMMERCIAL CARD", suppliers="your invoice|supplier inv", income="GROSS INTEREST|HMRC VAT "
        "REPAYMENT|INSURANCE "
        "SETTLEMENT|SAVINGS TRANSFER", thanks="thanks|with thanks|",
    ),
    "us": _texts(
        doc="INV|INVOICE|INV#|BILL|STMT||", pay="PAYMENT|PMT|VENDOR PAY|AP|",
        bank="CORP TRADE PMT|CCD|ORIG CO NAME|INCOMING WIRE|ZELLE FROM|LOCKBOX", customer="ACCT|CUST ID|VENDOR ID",
        other_numbers="PH|PO|SO|CONTRACT|CHK|DATED", part="PARTIAL|INSTALLMENT|PARTIAL PAY",
        prepaid="DEPOSIT FOR ORDER|PREPAYMENT", returned="ACH RETURN R01|RETURN R03 NO ACCOUNT|DEPOSITED ITEM "
        "RETURNED|R29 "
        "NOT AUTHORIZED", refund="CUSTOMER REFUND|CREDIT REFUND", debits="ANALYSIS FEE|PAYROLL|SALES TAX PMT|OFFICE "
        "LEASE|"
        "FUEL CARD|UTILITY PMT", suppliers="VENDOR INVOICE|PAY INV", income="INTEREST EARNED|STATE TAX REFUND|CLAIM "
        "PAYMENT|SWEEP CREDIT", thanks="THANK YOU|",
    ),
    "jp": _texts(
        doc="INVOICE|INV NO|SEIKYU|SEIKYUSHO NO||", pay="FURIKOMI|PAYMENT|SHIHARAI|",
        bank="FURIKOMI|SOGO FURIKOMI|TRANSFER|REMITTANCE", customer="CUSTOMER|TOKUISAKI",
        other_numbers="TEL|PO|ORDER|KEIYAKU|DATE", part="PARTIAL|BUNKATSU", prepaid="MAEUKE|ADVANCE FOR ORDER",
        returned="KUMIMODOSHI|TRANSFER RETURNED AC01|FURIKOMI "
        "FUNO", refund="HENKIN|REFUND", debits="TESURYO|KYUYO|YACHIN|"
        "SHOHIZEI|DENKIDAI", suppliers="YOUR INVOICE|SHIIRE", income="RISOKU|TAX REFUND|HOKEN", thanks="|",
    ),
    "kw": _texts(
        doc="INVOICE|INV|INV NO|BILL NO||", pay="PAYMENT|SETTLEMENT|TRF|",
        bank="INWARD REMITTANCE|KNET TRANSFER|LOCAL TRF|SWIFT IN", customer="ACC|CLIENT CODE",
        other_numbers="MOB|LPO|ORDER|CONTRACT|DTD", part="PART PAYMENT|FIRST INSTALLMENT", prepaid="ADVANCE AGAINST "
        "LPO|"
        "ADVANCE PAYMENT", returned="RETURNED REMITTANCE|TRF RETURNED AC04|CHEQUE RETURNED INSUFFICIENT FUNDS",
        refund="REFUND|CREDIT REFUND", debits="BANK CHARGES|WPS SALARIES|OFFICE RENT|PIFSS|TELECOM BILL",
        suppliers="YOUR INV|SUPPLIER INV", income="PROFIT DISTRIBUTION|CLAIM SETTLEMENT|TERM DEPOSIT "
        "MATURED", thanks="|",
    ),
}  # fmt: skip
TEXTS["ch"] = TEXTS["de"]

AGENTS: Final = (
    "Payvanta Collections", "Sammelkasse Inkasso", "TrustLane Settlement", "Recouvra Services", "Northgate Factoring",
    "Zahlwerk Treuhand", "Cobrix Gestion", "Kassa Nord Perint",
)  # fmt: skip
