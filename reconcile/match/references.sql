-- Which known invoices the waiting lines name. One row per (line, invoice).

select match_all_references.*

from match_all_references

semi join match_waiting
    on match_all_references.line_id = match_waiting.line_id

order by match_all_references.line_id, match_all_references.invoice_id
