-- Sets of which an item might as well be another equal one of the customer's. They are loose where nothing tells that it is not:
-- it does not stand between the first and the last number named, nor begin as the text ends.
-- One row per explanation.

with

sets as (

    select * from match_candidate_items qualify count(*) over (partition by explanation_id) > 1

),

-- What the customer of an explanation owes besides it, in equal amounts: the set might as well hold those.
loose_twins as (

    select
        match_candidate_items.explanation_id,
        match_candidate_items.item_amount,
        count(*) as twins_left,
        bool_or(
            twins.number_key between match_named_ranges.first_number and match_named_ranges.last_number
            or coalesce(match_typos.typo_level, '') != ''
        ) as has_likelier_twin

    from (
        select distinct line_id, explanation_id, customer_id, currency, item_amount
        from sets
        where reference_strength = 0 and not is_advised
    )
        as match_candidate_items

    inner join match_items as twins
        on match_candidate_items.customer_id = twins.customer_id
        and match_candidate_items.currency = twins.currency
        and match_candidate_items.item_amount = twins.open_amount

    left join match_named_ranges
        on match_candidate_items.explanation_id = match_named_ranges.explanation_id

    left join match_typos
        on match_candidate_items.line_id = match_typos.line_id
        and twins.invoice_id = match_typos.invoice_id

    where not exists (

        select 1

        from match_candidates as taken

        where taken.explanation_id = match_candidate_items.explanation_id
            and taken.invoice_id = twins.invoice_id

    )

    group by match_candidate_items.explanation_id, match_candidate_items.item_amount

)

select
    sets.explanation_id,
    bool_or(
        not coalesce(
            sets.number_key between match_named_ranges.first_number and match_named_ranges.last_number
            and not loose_twins.has_likelier_twin,
            false
        )
    ) as is_loose

from sets

inner join loose_twins
    on sets.explanation_id = loose_twins.explanation_id
    and sets.item_amount = loose_twins.item_amount

left join match_named_ranges
    on sets.explanation_id = match_named_ranges.explanation_id

where sets.reference_strength = 0

group by sets.explanation_id

order by sets.explanation_id
