-- Source "already settled": items that a receipt names although nothing is owed on them any more.
-- One row per (line, item).

with

settled_items as (

    select match_items.*

    from match_items

    where match_items.open_amount = 0
        and match_items.status != 'draft'
        and match_items.kind = 'invoice'

)

select
    match_lines.line_id,
    settled_items.invoice_id,
    settled_items.invoice_number,
    settled_items.customer_id,
    settled_items.status,
    match_references.reference_level,
    match_lines.amount = settled_items.total
        -- All that it names, paid again by one receipt.
        or match_lines.amount = sum(settled_items.total) over (partition by match_lines.line_id, settled_items.customer_id)
        or exists (

            select 1

            from allocations

            where allocations.invoice_id = settled_items.invoice_id
                and allocations.state = 'posted'
                and allocations.amount = match_lines.amount

        ) as is_same_amount,
    exists (

        select 1

        from allocations

        where allocations.invoice_id = settled_items.invoice_id
            and allocations.state = 'posted'

    ) as is_settled_here,
    coalesce(match_payers.payer_level, 'unknown') as payer_level,
    exists (

        select 1

        from match_payers as others

        where others.line_id = match_lines.line_id
            and others.payer_rank = 1
            and others.payers_alike = 1
            and others.payer_level in ('account', 'full')
            and not others.is_newly_learned
            and others.customer_id != settled_items.customer_id

    ) as is_another_payer

from match_references

inner join match_lines
    on match_references.line_id = match_lines.line_id

inner join settled_items
    on match_references.invoice_id = settled_items.invoice_id

left join match_payers
    on match_lines.line_id = match_payers.line_id
    and settled_items.customer_id = match_payers.customer_id

where match_references.is_same_currency
    and match_lines.amount > 0
    and match_references.reference_level != 'tail'

order by match_lines.line_id, settled_items.invoice_id
