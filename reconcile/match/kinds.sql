-- Every scored explanation with the kind of its evidence: what may go wrong with it, and so how far its share can be trusted.
-- One row per explanation.

with

known as (

    select
        match_scores.*,
        reference_level in ('advised', 'creditor', 'whole', 'digits') as is_named,
        amount_level in ('exact', 'exact_run', 'exact_set', 'instalment', 'discount', 'rounding') as is_even,
        due_amount + difference as line_amount

    from match_scores

),

-- Whether a line's amount is a half, a third or a quarter of what it names: an instalment of that may be meant.
named as (

    select
        line_id,
        bool_or(
            abs(due_amount - 2 * line_amount) <= 0.02
            or abs(due_amount - 3 * line_amount) <= 0.03
            or abs(due_amount - 4 * line_amount) <= 0.04
        ) as is_instalment

    from known

    where is_named

    group by line_id

)

select
    known.* exclude (line_amount),
    case
        when is_named and is_even then 'named'
        when is_named then 'named_uneven'
        -- Completed by an item that has an equal one: where it stands among the numbers named does not prove that it is meant.
        when reference_level = 'begun' and has_twin then 'begun_equal'
        when reference_level = 'begun' then 'begun'
        -- Digits like that stand in many a text: somebody whom nobody knows may mean anything by them.
        when reference_level in ('typo', 'bare', 'tail', 'order', 'cut_off') and payer_level in ('unknown', 'alike')
            then 'nearly_named_by_stranger'
        when reference_level in ('typo', 'bare', 'tail', 'order', 'cut_off') then 'nearly_named'
        -- The line names another invoice: one that is open may be meant after all, one that is settled is an old number.
        when reference_level in ('other_own', 'other') and named.is_instalment then 'beside_instalment'
        when reference_level in ('other_own', 'other') and named.line_id is not null then 'beside_named'
        when reference_level in ('other_own', 'other') then 'beside_settled'
        when item_count > 1 then 'set'
        when own_items_alike > 3 then 'many_equal'
        when own_items_alike > 1 then 'few_equal'
        else 'alone'
    end as kind

from known

left join named
    on known.line_id = named.line_id

order by known.line_id, known.explanation_rank
