-- The receipts that may be clear without looking further: what they name surely owes what came, to the cent, and no other line
-- names any of it. One row per line.

select match_known_references.line_id

from match_known_references

inner join match_all_items
    on match_known_references.invoice_id = match_all_items.invoice_id

inner join match_named_items
    on match_known_references.invoice_id = match_named_items.invoice_id

inner join match_all_lines
    on match_known_references.line_id = match_all_lines.line_id

where match_known_references.reference_level in ('creditor', 'whole', 'digits')
    and match_all_lines.amount > 0

group by match_known_references.line_id, match_all_lines.amount

having max(match_named_items.naming_lines) = 1
    and match_all_lines.amount
        = sum(case when match_all_items.kind = 'credit_note' then -match_all_items.open_amount else match_all_items.open_amount end)

order by match_known_references.line_id
