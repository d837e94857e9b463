-- What the surely known payers of waiting receipts owe, oldest first. One row per item.
--
-- `twin_place` is an item's place among its customer's items of equal amount, those that no line names first, then the oldest:
-- a set that takes a twin takes the ones before it. `run_amount` is what is owed up to this item, `latest_issue_date` the
-- latest date on which one of these was issued.

with

owed as (

    select
        match_items.invoice_id,
        match_items.customer_id,
        match_items.currency,
        case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end as item_amount,
        match_items.issue_date,
        match_items.due_date,
        match_items.number_key,
        match_named_items.invoice_id is not null as is_named_elsewhere

    from match_items

    left join match_named_items
        on match_items.invoice_id = match_named_items.invoice_id

    where match_items.open_amount > 0
        and exists (

            select 1

            from match_sure_payers

            where match_sure_payers.customer_id = match_items.customer_id
                and match_sure_payers.currency = match_items.currency

        )

)

select
    owed.*,
    row_number() over (
        partition by customer_id, currency, item_amount order by is_named_elsewhere, due_date, number_key, invoice_id
    ) as twin_place,
    row_number() over oldest_first as place,
    count(*) over (partition by customer_id, currency) as items,
    sum(item_amount) over oldest_first as run_amount,
    max(issue_date) over oldest_first as latest_issue_date

from owed

window oldest_first as (partition by customer_id, currency order by due_date, number_key, invoice_id rows unbounded preceding)

order by customer_id, currency, place
