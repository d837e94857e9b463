-- Every line that is told, with what became of it. One row per line.
--
-- `unapplied` is what of a line's money no invoice took: on the customer's account or waiting.

select
    statement_lines.source_file,
    statement_lines.source_row,
    statement_lines.line_id,
    statement_lines.account_id,
    statement_lines.booked_date,
    statement_lines.amount,
    statement_lines.currency,
    current_decisions.outcome,
    current_decisions.applied,
    (current_decisions.on_account + current_decisions.unapplied)::decimal(18, 3) as unapplied,
    current_decisions.difference,
    current_decisions.difference_kind,
    current_decisions.explanation,
    statement_lines.counterparty_name,
    statement_lines.remittance_text,
    statement_lines.payment_reference,
    current_decisions.customer_id,
    coalesce(current_customers.name, '') as customer_name,
    current_decisions.rule

from lines_told

inner join statement_lines
    on lines_told.line_id = statement_lines.line_id

inner join current_decisions
    on statement_lines.line_id = current_decisions.line_id

left join current_customers
    on current_decisions.customer_id = current_customers.customer_id

order by source_file, source_row, line_id
