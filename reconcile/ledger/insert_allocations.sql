-- Write the allocations of the decisions that this run wrote. One row per line and invoice.

insert into allocations

select
    left(
        sha256(concat_ws(chr(31), 'allocation', decisions.decision_id, new_allocations.invoice_id, new_allocations.reverses_id)), 24
    ) as allocation_id,
    $run_number as run_number,
    decisions.decision_id,
    new_allocations.line_id,
    new_allocations.invoice_id,
    new_allocations.invoice_number,
    new_allocations.customer_id,
    new_allocations.amount,
    new_allocations.residual,
    new_allocations.residual_kind,
    new_allocations.currency,
    new_allocations.state,
    -- Truncated, never rounded up: 1 is certainty, and nothing is certain.
    least(floor(new_allocations.probability * 1000000) / 1000000, 0.999999)::decimal(18, 6) as probability,
    new_allocations.rule,
    new_allocations.explanation,
    new_allocations.reverses_id

from new_allocations

inner join decisions
    on new_allocations.line_id = decisions.line_id
    and decisions.run_number = $run_number
