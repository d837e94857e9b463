-- Source "two items of the payer": two open items, or an item less a credit note, whose sum is the line's amount; every such pair,
-- so that an ambiguous sum is seen to be one. Of twins the oldest. Customers with more open items than that are left to a person.
-- One row per (line, item).

with

smaller as materialized (

    select
        match_sure_payers.line_id,
        match_sure_payers.booked_date + $prepaid_days_max as issued_until,
        match_sure_payers.amount - match_payers_items.item_amount as other_amount,
        match_payers_items.*

    from match_sure_payers

    inner join match_payers_items
        on match_sure_payers.customer_id = match_payers_items.customer_id
        and match_sure_payers.currency = match_payers_items.currency

    where match_payers_items.items <= 300
        and match_payers_items.twin_place = 1
        and match_payers_items.item_amount <= match_sure_payers.amount - match_payers_items.item_amount
        and match_payers_items.issue_date <= match_sure_payers.booked_date + $prepaid_days_max

),

pairs as (

    select
        smaller.line_id,
        smaller.invoice_id as one_id,
        smaller.item_amount as one_amount,
        other.invoice_id as other_id,
        other.item_amount as other_amount,
        smaller.line_id || '|' || least(smaller.invoice_id, other.invoice_id) || '|' || greatest(smaller.invoice_id, other.invoice_id)
            as explanation_id

    from smaller

    inner join match_payers_items as other
        on smaller.customer_id = other.customer_id
        and smaller.currency = other.currency
        and smaller.other_amount = other.item_amount

    where other.issue_date <= smaller.issued_until
        and other.twin_place = case when smaller.item_amount = other.item_amount then 2 else 1 end

)

select line_id, explanation_id, one_id as invoice_id, one_amount as item_amount from pairs

union all

select line_id, explanation_id, other_id, other_amount from pairs

order by explanation_id, invoice_id
