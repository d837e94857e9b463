-- Source "three items of the payer": three open items whose sum is the line's amount; every such triple, twins oldest first.
-- Only for payers with at most 30 open items. One row per (line, item).

with

few as (

    select *

    from match_payers_items

    where items <= 30

),

triples as (

    select
        one.line_id,
        [one.invoice_id, two.invoice_id, three.invoice_id] as invoice_ids

    from few as one

    inner join few as two
        on one.line_id = two.line_id

    inner join few as three
        on one.line_id = three.line_id
        and one.amount - one.item_amount - two.item_amount = three.item_amount

    where (
            (one.item_amount < two.item_amount and two.twin_place = 1)
            or (one.item_amount = two.item_amount and two.twin_place = 2)
        )
        and (
            (two.item_amount < three.item_amount and three.twin_place = 1)
            or (two.item_amount = three.item_amount and three.twin_place = two.twin_place + 1)
        )
        and one.twin_place = 1

),

identified as (

    select
        line_id,
        line_id || '|' || array_to_string(list_sort(invoice_ids), '|') as explanation_id,
        unnest(invoice_ids) as invoice_id

    from triples

)

select
    identified.line_id,
    identified.explanation_id,
    identified.invoice_id,
    few.item_amount

from identified

inner join few
    on identified.line_id = few.line_id
    and identified.invoice_id = few.invoice_id

order by identified.explanation_id, identified.invoice_id
