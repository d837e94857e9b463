-- Which known invoices the waiting lines name. One row per (line, invoice).

select match_known_references.*

from match_known_references

semi join match_waiting
    on match_known_references.line_id = match_waiting.line_id

order by match_known_references.line_id, match_known_references.invoice_id
