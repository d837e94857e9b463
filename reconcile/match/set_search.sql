-- What a set of open items could be made of, for the waiting receipts that no explanation fits to the cent: the open items of the
-- customer that they name, or of their surely known payer. One row per (line, item), named items first, then the likeliest of
-- equal ones.

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

    where payer_rank = 1
        and payers_alike = 1
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

)

select
    searched.line_id,
    searched.amount,
    match_items.invoice_id,
    case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end as item_amount,
    coalesce(match_references.reference_level in ('creditor', 'whole', 'digits'), false) as is_named

from searched

inner join match_items
    on searched.customer_id = match_items.customer_id
    and searched.currency = match_items.currency

left join match_references
    on searched.line_id = match_references.line_id
    and match_items.invoice_id = match_references.invoice_id

where match_items.open_amount > 0
    and match_items.issue_date <= searched.booked_date + $prepaid_days_max

order by
    searched.line_id,
    is_named desc,
    match_items.number_key not between searched.first_number and searched.last_number,
    match_items.number_key <= searched.last_number,
    case when searched.last_number = '' then '' else match_items.number_key end,
    match_items.due_date,
    match_items.invoice_id
