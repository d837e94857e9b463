-- What the lines that are told were posted or are proposed to. What a person undid is not told. One row per line and invoice.

select
    statement_lines.source_file,
    statement_lines.source_row,
    allocations.line_id,
    allocations.invoice_id,
    allocations.invoice_number,
    allocations.customer_id,
    allocations.amount,
    allocations.currency,
    allocations.state,
    allocations.probability,
    allocations.rule,
    allocations.explanation,
    coalesce(current_customers.name, '') as customer_name,
    current_invoices.due_date,
    allocations.residual,
    allocations.residual_kind

from lines_told

inner join statement_lines
    on lines_told.line_id = statement_lines.line_id

inner join current_decisions
    on statement_lines.line_id = current_decisions.line_id

inner join allocations
    on current_decisions.decision_id = allocations.decision_id

left join undone_allocations
    on allocations.allocation_id = undone_allocations.reversal_id

left join current_customers
    on allocations.customer_id = current_customers.customer_id

left join current_invoices
    on allocations.invoice_id = current_invoices.invoice_id

where undone_allocations.reversal_id is null

order by source_file, source_row, allocations.invoice_id, allocations.allocation_id
