-- What is proposed for the lines that wait for a person. One row per line and invoice.

select
    allocations.line_id,
    allocations.invoice_id,
    allocations.invoice_number,
    allocations.customer_id,
    allocations.amount,
    allocations.residual,
    allocations.residual_kind,
    allocations.probability,
    allocations.currency

from current_decisions

inner join allocations
    on current_decisions.decision_id = allocations.decision_id
    and allocations.state = 'proposed'

where current_decisions.outcome in ('review', 'unmatched')

order by line_id, invoice_id
