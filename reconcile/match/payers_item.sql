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
        match_items.invoice_id,
        match_items.customer_id,
        match_items.currency,
        match_items.open_amount,
        match_items.discount_amount,
        match_items.issue_date,
        match_items.due_date,
        match_items.number_key,
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

payers_lines as (

    select
        match_lines.line_id,
        match_lines.amount,
        match_lines.amount + $rounding_units_max * match_lines.smallest_unit as rounded_amount_max,
        match_lines.booked_date,
        match_payers.customer_id,
        match_payers.currency

    from match_payers

    inner join match_lines
        on match_payers.line_id = match_lines.line_id

    where match_lines.amount > 0

),

payers_items as (

    select payers_lines.line_id, payable.*

    from payers_lines

    inner join payable
        on payers_lines.customer_id = payable.customer_id
        and payers_lines.currency = payable.currency

    where (
            payable.open_amount between payers_lines.amount and payers_lines.rounded_amount_max
            or payable.open_amount - payable.discount_amount = payers_lines.amount
        )
        and payers_lines.booked_date >= payable.issue_date - $prepaid_days_max
        and payers_lines.booked_date <= payable.due_date + $overdue_days_max

)

select
    line_id,
    line_id || '|' || invoice_id as explanation_id,
    invoice_id,
    open_amount as item_amount

from payers_items

-- An item that the line names comes from the source "reference".
anti join match_references using (line_id, invoice_id)

qualify row_number() over (
    partition by line_id, customer_id, open_amount order by is_named_elsewhere, due_date, number_key, invoice_id
) <= 20

order by explanation_id
