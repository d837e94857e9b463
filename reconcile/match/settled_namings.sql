-- Source "already settled": items that a receipt names, or the remittance advice that it names lists, although nothing is owed on
-- them any more.
-- One row per (line, item).

with

namings as (

    select line_id, invoice_id, reference_level

    from match_references

    where is_same_currency
        and reference_level != 'tail'

    union all

    select distinct
        match_advised_lines.line_id,
        match_all_items.invoice_id,
        'advised' as reference_level

    from match_advised_lines

    semi join match_waiting
        on match_advised_lines.line_id = match_waiting.line_id

    inner join match_remittances
        on match_advised_lines.remittance_id = match_remittances.remittance_id

    inner join match_all_items
        on match_remittances.customer_id = match_all_items.customer_id
        and match_remittances.number_key = match_all_items.number_key

    anti join match_references
        on match_advised_lines.line_id = match_references.line_id
        and match_all_items.invoice_id = match_references.invoice_id

    where match_advised_lines.is_named

),

settled_items as (

    select match_all_items.*

    from match_all_items

    semi join namings
        on match_all_items.invoice_id = namings.invoice_id

    where match_all_items.open_amount = 0
        and match_all_items.status != 'draft'
        and match_all_items.kind = 'invoice'

)

select
    match_lines.line_id,
    settled_items.invoice_id,
    settled_items.invoice_number,
    settled_items.customer_id,
    settled_items.status,
    namings.reference_level,
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
    exists (

        select 1

        from match_payers as others

        where others.line_id = match_lines.line_id
            and others.is_established
            and others.customer_id != settled_items.customer_id

    ) as is_another_payer

from namings

inner join match_lines
    on namings.line_id = match_lines.line_id
    and match_lines.amount > 0

inner join settled_items
    on namings.invoice_id = settled_items.invoice_id
    and match_lines.currency = settled_items.currency

order by match_lines.line_id, settled_items.invoice_id
