-- Source "references completed by the sum": the items that a line names together with one or two more open items of the same
-- customer, where the sum of all is the line's amount: a range, or a text cut off before it named them. Of equal items those
-- between the first and the last named number, then those that follow. One row per (line, item).

with

named as (

    select
        match_lines.line_id,
        match_lines.amount,
        match_lines.booked_date,
        match_items.customer_id,
        match_items.currency,
        sum(case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end) as named_amount,
        min(match_items.number_key) as first_number,
        max(match_items.number_key) as last_number,
        string_agg(match_items.invoice_id, '|' order by match_items.invoice_id) as named_ids,
        list(match_items.invoice_id order by match_items.invoice_id) as named_list

    from match_references

    inner join match_lines
        on match_references.line_id = match_lines.line_id

    inner join match_items
        on match_references.invoice_id = match_items.invoice_id

    where match_references.is_same_currency
        and match_references.reference_level in ('creditor', 'whole', 'digits')
        and match_lines.amount > 0
        and match_items.open_amount > 0

    group by match_lines.line_id, match_lines.amount, match_lines.booked_date, match_items.customer_id, match_items.currency

    having sum(case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end)
        < match_lines.amount

),

crowded as (

    select customer_id, currency from match_items where open_amount > 0 group by customer_id, currency having count(*) > $crowd_items_min

),

others as (

    select
        named.line_id,
        named.amount - named.named_amount as missing_amount,
        match_items.invoice_id,
        match_items.open_amount as item_amount,
        row_number() over (
            partition by named.line_id, match_items.open_amount
            order by
                match_items.number_key not between named.first_number and named.last_number,
                match_items.number_key <= named.last_number,
                match_items.number_key,
                match_items.due_date,
                match_items.invoice_id
        ) as twin_place,
        count(*) over (partition by named.line_id) as items

    from named

    inner join match_items
        on named.customer_id = match_items.customer_id
        and named.currency = match_items.currency

    where match_items.kind = 'invoice'
        and match_items.open_amount > 0
        and match_items.open_amount <= named.amount - named.named_amount
        and match_items.issue_date <= named.booked_date + $prepaid_days_max
        and (
            match_items.open_amount = named.amount - named.named_amount
            or not exists (

                select 1

                from crowded

                where crowded.customer_id = named.customer_id
                    and crowded.currency = named.currency

            )
        )
        -- What another line names is that line's.
        and not exists (

            select 1

            from match_named_items

            where match_named_items.invoice_id = match_items.invoice_id
                and match_named_items.is_surely_named

        )
        and not list_contains(named.named_list, match_items.invoice_id)

),

completions as (

    select line_id, [invoice_id] as more_ids

    from others

    where item_amount = missing_amount
        and twin_place = 1

    union all

    select one.line_id, [one.invoice_id, other.invoice_id]

    from others as one

    inner join others as other
        on one.line_id = other.line_id
        and one.missing_amount - one.item_amount = other.item_amount

    where one.items <= 300
        and (
            (one.item_amount < other.item_amount and one.twin_place = 1 and other.twin_place = 1)
            or (one.item_amount = other.item_amount and one.twin_place = 1 and other.twin_place = 2)
        )

),

identified as (

    select
        completions.line_id,
        completions.line_id || '|'
            || array_to_string(list_sort(list_concat(named.named_list, completions.more_ids)), '|') as explanation_id,
        unnest(list_concat(named.named_list, completions.more_ids)) as invoice_id

    from completions

    inner join named
        on completions.line_id = named.line_id

)

select
    identified.line_id,
    identified.explanation_id,
    identified.invoice_id,
    case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end as item_amount

from identified

inner join match_items
    on identified.invoice_id = match_items.invoice_id

order by identified.explanation_id, identified.invoice_id
