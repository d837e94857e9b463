-- What is proposed now for the lines that are asked for. One row per line and invoice.

select
    allocations.line_id,
    allocations.invoice_id,
    allocations.amount,
    allocations.residual,
    allocations.residual_kind

from asked

inner join current_decisions
    on asked.line_id = current_decisions.line_id

inner join allocations
    on current_decisions.decision_id = allocations.decision_id
    and allocations.state = 'proposed'

order by line_id, invoice_id
