-- What the surely known payer of each waiting receipt owes, oldest first. One row per (line, item).
--
-- `twin_place` is an item's place among the payer's items of equal amount, those that no other line names
-- first, then the oldest: a set that takes a twin takes the ones before it. `run_amount` is what is owed up to this item.

with

sure_payers as (

    select line_id, currency, customer_id

    from match_payers

    where payer_rank = 1
        and payers_alike = 1
        and payer_level in ('account', 'full')

),

owed as (

    select
        match_lines.line_id,
        match_lines.amount,
        match_items.invoice_id,
        match_items.customer_id,
        case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end as item_amount,
        match_items.due_date,
        match_items.number_key,
        match_named_items.invoice_id is not null as is_named_elsewhere

    from sure_payers

    inner join match_lines
        on sure_payers.line_id = match_lines.line_id

    inner join match_items
        on sure_payers.customer_id = match_items.customer_id
        and sure_payers.currency = match_items.currency

    left join match_named_items
        on match_items.invoice_id = match_named_items.invoice_id

    where match_lines.amount > 0
        and match_items.open_amount > 0
        and match_items.issue_date <= match_lines.booked_date + $prepaid_days_max
        -- A line that names items is explained by them.
        and not exists (

            select 1

            from match_references

            where match_references.line_id = match_lines.line_id
                and match_references.is_same_currency
                and match_references.reference_level != 'tail'

        )

)

select
    owed.*,
    row_number() over (
        partition by line_id, item_amount order by is_named_elsewhere, due_date, number_key, invoice_id
    ) as twin_place,
    row_number() over oldest_first as place,
    count(*) over (partition by line_id) as items,
    sum(item_amount) over oldest_first as run_amount

from owed

window oldest_first as (partition by line_id order by due_date, number_key, invoice_id rows unbounded preceding)

order by line_id, place
