-- Every scored explanation with the kind of its evidence: what may go wrong with it, and so how far its share can be trusted.
-- One row per explanation.

with

known as (

    select
        match_scores.*,
        reference_level in ('advised', 'creditor', 'whole', 'digits') as is_named,
        amount_level in ('exact', 'exact_run', 'exact_set', 'discount', 'rounding') as is_even

    from match_scores

)

select
    known.*,
    case
        when is_named and is_even then 'named'
        when is_named then 'named_uneven'
        -- Completed by an item that has an equal one: where it stands among the numbers named does not prove that it is meant.
        when reference_level = 'begun' and has_twin then 'begun_equal'
        when reference_level = 'begun' then 'begun'
        when reference_level in ('typo', 'bare', 'tail', 'order', 'cut_off') then 'nearly_named'
        -- The line names another invoice: one that is open may be meant after all, one that is settled is an old number.
        when reference_level in ('other_own', 'other') and bool_or(is_named) over (partition by line_id) then 'beside_named'
        when reference_level in ('other_own', 'other') then 'beside_settled'
        when item_count > 1 then 'set'
        when own_items_alike > 3 then 'many_equal'
        when own_items_alike > 1 then 'few_equal'
        else 'alone'
    end as kind

from known

order by line_id, explanation_rank
