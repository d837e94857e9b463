"""Post payments to the invoicing system in use, each exactly once.

In: the ledger's postings, each with a durable intent. Out: the same postings, confirmed, refused, unknown or in
conflict. Must not: decide, change an allocation, or send anything whose intent is not on the disk.
"""
