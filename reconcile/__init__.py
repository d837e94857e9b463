"""Find which invoices each bank receipt pays, record it, and say why.

A night goes one way, a room for each step:

    ingest    statements, invoices, customers and remittances become checked frames
    match     proposes candidates: which open items a line may pay, with the evidence
    resolve   decides: allocations, outcomes and the sentence for each
    ledger    keeps lines, decisions and the journal; append-only, one transaction a run
    post      records payments in another invoicing system
    report    tells accountants what the night brought

`night.py` is the table of contents: every step in order. `cli.py` stands on top.
"""
