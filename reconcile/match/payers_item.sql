-- Source "payer and amount": an open item of the likeliest payer that the amount settles to the cent, within rounding, or less
-- the discount that it allows. Of equal items the twenty oldest, those that other lines name last.
-- One row per (line, item).

with

-- Amounts that so many items of one customer owe that the oldest of them are enough.
many_equal as (

    select customer_id, currency, open_amount

    from match_own_equal_items

    where own_items_alike > $equal_items_max

),

open_invoices as (

    select
        match_items.*,
        match_named_items.invoice_id is not null as is_named_elsewhere

    from match_items

    left join match_named_items
        on match_items.invoice_id = match_named_items.invoice_id

    where match_items.kind = 'invoice'
        and match_items.open_amount > 0

),

payable as (

    select * from open_invoices anti join many_equal using (customer_id, currency, open_amount)

    union all

    select *

    from open_invoices

    semi join many_equal using (customer_id, currency, open_amount)

    -- Those that every waiting line's date allows.
    where issue_date <= (select min(booked_date) from match_lines) + $prepaid_days_max
        and due_date >= (select max(booked_date) from match_lines) - $overdue_days_max

    qualify row_number() over (
        partition by customer_id, currency, open_amount order by is_named_elsewhere, due_date, number_key, invoice_id
    ) <= $equal_items_max

),

payers_items as (

    select
        match_lines.line_id,
        match_lines.amount,
        payable.invoice_id,
        payable.customer_id,
        payable.open_amount,
        payable.due_date,
        payable.number_key,
        payable.is_named_elsewhere

    from match_payers

    inner join match_lines
        on match_payers.line_id = match_lines.line_id

    inner join payable
        on match_payers.customer_id = payable.customer_id
        and match_payers.currency = payable.currency

    where match_payers.payer_rank = 1
        and match_lines.amount > 0
        and match_lines.booked_date >= payable.issue_date - $prepaid_days_max
        and match_lines.booked_date <= payable.due_date + $overdue_days_max
        and (
            payable.open_amount = match_lines.amount
            or payable.open_amount - match_lines.amount between match_lines.smallest_unit
                and $rounding_units_max * match_lines.smallest_unit
            or payable.open_amount - match_lines.amount = payable.discount_amount
        )
        -- An item that the line names comes from the source "reference".
        and not exists (

            select 1

            from match_references

            where match_references.line_id = match_lines.line_id
                and match_references.invoice_id = payable.invoice_id

        )

)

select
    line_id,
    line_id || '|' || invoice_id as explanation_id,
    invoice_id,
    open_amount as item_amount

from payers_items

qualify row_number() over (
    partition by line_id, customer_id, open_amount order by is_named_elsewhere, due_date, number_key, invoice_id
) <= 20

order by explanation_id
