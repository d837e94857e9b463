-- Source "payer and a little less": the one open item of a surely known payer that owes a little more than came, as where a bank or the
-- payer took something off, for lines that name nothing and that no other source explains. One row per (line, item).

select
    match_sure_payers.line_id,
    match_sure_payers.line_id || '|' || any_value(match_payers_items.invoice_id) as explanation_id,
    any_value(match_payers_items.invoice_id) as invoice_id,
    any_value(match_payers_items.item_amount) as item_amount

from match_sure_payers

inner join match_lines
    on match_sure_payers.line_id = match_lines.line_id

inner join match_payers_items
    on match_sure_payers.customer_id = match_payers_items.customer_id
    and match_sure_payers.currency = match_payers_items.currency
    and match_payers_items.item_amount > match_lines.amount
    and match_payers_items.item_amount <= match_lines.amount + $charge_units_max * match_lines.smallest_unit
    and (match_payers_items.item_amount - match_lines.amount) * 10 <= match_payers_items.item_amount
    and match_payers_items.issue_date <= match_lines.booked_date + $prepaid_days_max

anti join match_found
    on match_sure_payers.line_id = match_found.line_id

group by match_sure_payers.line_id

having count(*) = 1

order by explanation_id
