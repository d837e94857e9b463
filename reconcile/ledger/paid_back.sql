-- What our banks' lines gave back to a customer in a currency. One row.

select coalesce(-sum(statement_lines.amount), 0)::decimal(18, 3) as amount

from current_decisions

inner join statement_lines
    on current_decisions.line_id = statement_lines.line_id

where current_decisions.outcome = 'refund'
    and current_decisions.customer_id = $customer_id
    and statement_lines.currency = $currency
