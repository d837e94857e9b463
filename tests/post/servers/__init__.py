"""Strict servers on this machine, one for each invoicing system, written from its document alone.

Each keeps invoices and payments, answers as the document's examples do, and refuses what the document does not allow.
"""
