-- Source "all references named": the open items that one line names, taken together, credit notes netted, where their sum is
-- the line's amount. Of namings of one kind only: a number's tail does not join whole numbers.
-- One row per (line, item).

with

named_items as (

    select
        match_lines.line_id,
        match_lines.amount,
        match_items.invoice_id,
        case when match_items.kind = 'credit_note' then -match_items.open_amount else match_items.open_amount end as item_amount

    from match_references

    inner join match_lines
        on match_references.line_id = match_lines.line_id

    inner join match_items
        on match_references.invoice_id = match_items.invoice_id
        and match_lines.currency = match_items.currency

    where match_lines.amount > 0
        and match_items.open_amount > 0
        and match_references.reference_level != 'tail'

),

named_sets as (

    select
        line_id,
        line_id || '|' || string_agg(invoice_id, '|' order by invoice_id) as explanation_id

    from named_items

    group by line_id

    having count(*) > 1
        and sum(item_amount) = max(amount)

)

select
    named_sets.line_id,
    named_sets.explanation_id,
    named_items.invoice_id,
    named_items.item_amount

from named_sets

inner join named_items
    on named_sets.line_id = named_items.line_id

order by named_sets.explanation_id, named_items.invoice_id
