-- Of whom the waiting lines name an invoice, whatever is owed on it. One row per (line, customer).

select distinct
    match_references.line_id,
    match_items.customer_id

from match_references

semi join match_lines
    on match_references.line_id = match_lines.line_id

inner join match_items
    on match_references.invoice_id = match_items.invoice_id

order by line_id, customer_id
