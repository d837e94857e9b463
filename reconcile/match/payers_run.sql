-- Source "all that is open" and "the oldest in a row": the payer's open items from the oldest on, credit notes netted, where
-- their sum is the line's amount. One row per (line, item).

with

run_ends as (

    select
        match_sure_payers.line_id,
        match_payers_items.customer_id,
        match_payers_items.currency,
        max(match_payers_items.place) as last_place

    from match_sure_payers

    inner join match_payers_items
        on match_sure_payers.customer_id = match_payers_items.customer_id
        and match_sure_payers.currency = match_payers_items.currency
        and match_sure_payers.amount = match_payers_items.run_amount

    where match_payers_items.place > 1
        and match_payers_items.latest_issue_date <= match_sure_payers.booked_date + $prepaid_days_max

    group by match_sure_payers.line_id, match_payers_items.customer_id, match_payers_items.currency

)

select
    run_ends.line_id,
    run_ends.line_id || '|' || string_agg(match_payers_items.invoice_id, '|' order by match_payers_items.invoice_id)
        over (partition by run_ends.line_id) as explanation_id,
    match_payers_items.invoice_id,
    match_payers_items.item_amount

from run_ends

inner join match_payers_items
    on run_ends.customer_id = match_payers_items.customer_id
    and run_ends.currency = match_payers_items.currency
    and run_ends.last_place >= match_payers_items.place

order by explanation_id, match_payers_items.invoice_id
