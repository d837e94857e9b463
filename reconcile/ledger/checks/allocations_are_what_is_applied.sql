-- What a decision applies is the sum of its posted allocations, but for those that only undo its line's earlier ones.
-- Returns the decisions that break it.

select
    current_decisions.decision_id,
    current_decisions.line_id,
    current_decisions.applied,
    coalesce(sum(allocations.amount), 0) as allocated

from current_decisions

left join allocations
    on current_decisions.decision_id = allocations.decision_id
    and allocations.state = 'posted'
    and not exists (

        select 1

        from undone_allocations

        where undone_allocations.reversal_id = allocations.allocation_id

    )

group by current_decisions.decision_id, current_decisions.line_id, current_decisions.applied

having current_decisions.applied != coalesce(sum(allocations.amount), 0)

order by decision_id
