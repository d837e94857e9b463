-- Source "all references named": the open items that one line names, taken together, credit notes netted, where their sum is
-- the line's amount: all of them, or all but those of which only the last digits stand there (any number may end like that).
-- One row per (line, item).

with

named_items as (

    select
        match_lines.line_id,
        match_lines.amount,
        match_references.reference_level,
        match_items.invoice_id,
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

cut_sets as (

    select named_items.*, 'all' as cut from named_items

    union all

    select named_items.*, 'sure' as cut from named_items where reference_level != 'tail'

),

named_sets as (

    select
        line_id,
        line_id || '|' || string_agg(invoice_id, '|' order by invoice_id) as explanation_id,
        cut

    from cut_sets

    group by line_id, cut

    having count(*) > 1
        and sum(item_amount) = max(amount)

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

order by named_sets.explanation_id, cut_sets.invoice_id
