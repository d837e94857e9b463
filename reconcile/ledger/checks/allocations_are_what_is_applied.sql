-- What a decision applies is the sum of its posted allocations. Returns the decisions that break it.

select
    current_decisions.decision_id,
    current_decisions.line_id,
    current_decisions.applied,
    coalesce(sum(allocations.amount), 0) as allocated

from current_decisions

left join allocations
    on current_decisions.decision_id = allocations.decision_id
    and allocations.state = 'posted'

group by current_decisions.decision_id, current_decisions.line_id, current_decisions.applied

having current_decisions.applied != coalesce(sum(allocations.amount), 0)

order by decision_id
