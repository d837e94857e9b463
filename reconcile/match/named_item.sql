-- Source "reference": an open item that the line names, whatever the amount.
-- One row per (line, item).

select
    match_lines.line_id,
    match_lines.line_id || '|' || match_items.invoice_id as explanation_id,
    match_items.invoice_id,
    match_items.open_amount as item_amount

from match_references

inner join match_lines
    on match_references.line_id = match_lines.line_id

inner join match_items
    on match_references.invoice_id = match_items.invoice_id

where match_references.is_same_currency
    and match_lines.amount > 0
    and match_items.kind = 'invoice'
    and match_items.open_amount > 0

order by explanation_id
