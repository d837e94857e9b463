-- Source "two items of the payer": two open items, or an item less a credit note, whose sum is the line's amount; every such pair,
-- so that an ambiguous sum is seen to be one. Of twins the oldest. Customers with more open items than that are left to a person.
-- One row per (line, item).

with

pairs as (

    select
        one.line_id,
        one.invoice_id as one_id,
        one.item_amount as one_amount,
        other.invoice_id as other_id,
        other.item_amount as other_amount

    from match_payers_items as one

    inner join match_payers_items as other
        on one.line_id = other.line_id
        and one.amount - one.item_amount = other.item_amount

    where one.items <= 300
        and (
            (one.item_amount < other.item_amount and one.twin_place = 1 and other.twin_place = 1)
            or (one.item_amount = other.item_amount and one.twin_place = 1 and other.twin_place = 2)
        )

),

identified as (

    select
        pairs.*,
        line_id || '|' || least(one_id, other_id) || '|' || greatest(one_id, other_id) as explanation_id

    from pairs

)

select line_id, explanation_id, one_id as invoice_id, one_amount as item_amount from identified

union all

select line_id, explanation_id, other_id, other_amount from identified

order by explanation_id, invoice_id
