-- Source "all references named": the open items that a line names, taken together, credit notes netted: all of
-- them, all but those of which only the last digits stand there (any number may end like that), and all but one, where their
-- sum is the line's amount; and all of one customer where the sum is not, but nearer than the least of them owes. One row per (line, item).

with

named_items as (

    select
        match_lines.line_id,
        match_lines.amount,
        match_references.reference_level in ('bare', 'tail') as is_tail,
        match_items.invoice_id,
        match_items.customer_id,
        case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end as item_amount

    from match_references

    inner join match_lines
        on match_references.line_id = match_lines.line_id

    inner join match_items
        on match_references.invoice_id = match_items.invoice_id

    where match_references.is_same_currency
        and match_lines.amount > 0
        and match_items.open_amount > 0

),

several as (

    select * from named_items qualify count(*) over (partition by line_id) > 1

),

cut_sets as (

    select *, 'all' as cut, '' as left_out from several

    union all

    select *, 'sure', '' from several where not is_tail

    union all

    select several.*, 'but one', others.invoice_id
    from several
    inner join (select line_id, invoice_id from several) as others
        on several.line_id = others.line_id
        and several.invoice_id != others.invoice_id
    where not several.is_tail

),

named_sets as (

    select
        line_id,
        line_id || '|' || string_agg(invoice_id, '|' order by invoice_id) as explanation_id,
        cut,
        left_out

    from cut_sets

    group by line_id, cut, left_out

    having count(*) > 1
        and (
            sum(item_amount) = max(amount)
            or (
                cut = 'sure'
                and count(distinct customer_id) = 1
                and min(item_amount) > abs(sum(item_amount) - max(amount))
            )
        )

)

select distinct
    named_sets.line_id,
    named_sets.explanation_id,
    cut_sets.invoice_id,
    cut_sets.item_amount

from named_sets

inner join cut_sets
    on named_sets.line_id = cut_sets.line_id
    and named_sets.cut = cut_sets.cut
    and named_sets.left_out = cut_sets.left_out

order by named_sets.explanation_id, cut_sets.invoice_id
