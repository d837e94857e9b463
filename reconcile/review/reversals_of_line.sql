-- What takes back the allocations that the current decision of a line posted. One row per allocation.

select
    allocations.line_id,
    allocations.invoice_id,
    allocations.invoice_number,
    allocations.customer_id,
    -allocations.amount as amount,
    -allocations.residual as residual,
    allocations.residual_kind,
    allocations.currency,
    allocations.state,
    allocations.probability::double as probability,
    allocations.allocation_id as reverses_id

from allocations

inner join current_decisions
    on allocations.decision_id = current_decisions.decision_id

where current_decisions.line_id = $line_id
    and allocations.state = 'posted'

order by invoice_id
