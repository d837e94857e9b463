-- What a set of open items could be made of, for the waiting receipts that no explanation fits to the cent: the open items of the
-- customer that they name, or of their surely known payer, as far as these can be a part of what is missing and make it up.
-- One row per (line, item), named items first, then the likeliest of equal ones; one row without item where there are too many
-- to be combined, with `items`, how many there are.

with

explained as (

    select match_found.line_id

    from match_found

    inner join match_lines
        on match_found.line_id = match_lines.line_id

    group by match_found.line_id, match_found.explanation_id, match_found.source_place, match_lines.amount

    having sum(match_found.item_amount) = match_lines.amount

),

named_customers as (

    select
        match_references.line_id,
        min(match_items.customer_id) as customer_id,
        min(match_items.number_key) as first_number,
        max(match_items.number_key) as last_number

    from match_references

    inner join match_items
        on match_references.invoice_id = match_items.invoice_id

    where match_references.is_same_currency
        and match_references.reference_level in ('creditor', 'whole', 'digits')
        and match_items.open_amount > 0

    group by match_references.line_id

    having count(distinct match_items.customer_id) = 1

),

sure_payers as (

    select line_id, customer_id, '' as first_number, '' as last_number

    from match_payers

    where payers_alike = 1
        and payer_level in ('account', 'full')
        and not exists (select 1 from named_customers where named_customers.line_id = match_payers.line_id)

),

searched as (

    select
        match_lines.line_id,
        match_lines.amount,
        match_lines.currency,
        match_lines.booked_date,
        customers.customer_id,
        customers.first_number,
        customers.last_number

    from match_lines

    inner join (select * from named_customers union all select * from sure_payers) as customers
        on match_lines.line_id = customers.line_id

    where match_lines.amount > 0
        and not exists (select 1 from explained where explained.line_id = match_lines.line_id)

),

-- Customers who owe so much that nobody would look through it.
crowded as (

    select customer_id, currency, count(*) as items

    from match_items

    where open_amount > 0

    group by customer_id, currency

    having count(*) > $crowd_items_min

),

owed as (

    select
        searched.line_id,
        searched.amount,
        match_items.invoice_id,
        case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end as item_amount,
        coalesce(match_references.reference_level in ('creditor', 'whole', 'digits'), false) as is_named,
        match_items.number_key not between searched.first_number and searched.last_number as is_outside,
        match_items.number_key <= searched.last_number as is_before,
        case when searched.last_number = '' then '' else match_items.number_key end as following_number,
        match_items.due_date

    from searched

    inner join match_items
        on searched.customer_id = match_items.customer_id
        and searched.currency = match_items.currency

    left join match_references
        on searched.line_id = match_references.line_id
        and match_items.invoice_id = match_references.invoice_id

    anti join match_rejected_pairs
        on searched.line_id = match_rejected_pairs.line_id
        and match_items.invoice_id = match_rejected_pairs.invoice_id

    anti join crowded
        on searched.customer_id = crowded.customer_id
        and searched.currency = crowded.currency

    where match_items.open_amount > 0
        and match_items.issue_date <= searched.booked_date + $prepaid_days_max

),

missing as (

    select
        *,
        amount - coalesce(sum(item_amount) filter (is_named) over (partition by line_id), 0) as missing_amount,
        coalesce(bool_or(item_amount < 0) filter (not is_named) over (partition by line_id), false) as has_credit_notes

    from owed

),

fitting as (

    select
        *,
        sum(item_amount) filter (not is_named) over (partition by line_id) as others_amount,
        count(*) filter (not is_named) over (partition by line_id) as items

    from missing

    where has_credit_notes
        or (missing_amount > 0 and (is_named or item_amount <= missing_amount))

)

select line_id, amount, invoice_id, item_amount, is_named, items, is_outside, is_before, following_number, due_date

from fitting

where items <= $combined_items_max
    and (has_credit_notes or others_amount >= missing_amount)

union all

select line_id, any_value(amount), '', 0, false, any_value(items), false, false, '', null

from fitting

where items > $combined_items_max
    and (has_credit_notes or others_amount >= missing_amount)

group by line_id

union all

select searched.line_id, searched.amount, '', 0, false, crowded.items, false, false, '', null

from searched

inner join crowded
    on searched.customer_id = crowded.customer_id
    and searched.currency = crowded.currency

order by line_id, is_named desc, is_outside, is_before, following_number, due_date, invoice_id
