-- Every explanation considered for the lines that are told and in review. One row per line and rank.

select
    statement_lines.source_file,
    statement_lines.source_row,
    considered.line_id,
    considered.rank,
    considered.invoice_ids,
    considered.invoice_numbers,
    considered.customer_id,
    coalesce(current_customers.name, '') as customer_name,
    considered.amount,
    statement_lines.currency,
    considered.score,
    considered.probability,
    considered.rule,
    considered.why_not

from lines_told

inner join current_decisions
    on lines_told.line_id = current_decisions.line_id
    and current_decisions.outcome = 'review'

inner join considered
    on current_decisions.line_id = considered.line_id
    and current_decisions.run_number = considered.run_number

inner join statement_lines
    on lines_told.line_id = statement_lines.line_id

left join current_customers
    on considered.customer_id = current_customers.customer_id

order by source_file, source_row, rank
