-- Source "all that is open" and "the oldest in a row": the payer's open items from the oldest on, credit notes netted, where
-- their sum is the line's amount. One row per (line, item).

with

run_ends as (

    select line_id, place

    from match_payers_items

    where run_amount = amount
        and place > 1

    qualify row_number() over (partition by line_id order by place desc) = 1

)

select
    match_payers_items.line_id,
    match_payers_items.line_id || '|' || string_agg(match_payers_items.invoice_id, '|' order by match_payers_items.invoice_id)
        over (partition by match_payers_items.line_id) as explanation_id,
    match_payers_items.invoice_id,
    match_payers_items.item_amount

from match_payers_items

inner join run_ends
    on match_payers_items.line_id = run_ends.line_id
    and match_payers_items.place <= run_ends.place

order by explanation_id, match_payers_items.invoice_id
