-- What this run has posted so far: the whole amounts of the receipts that pay invoices. One row per currency.

select
    statement_lines.currency,
    sum(statement_lines.amount) as posted_amount

from decisions

inner join statement_lines
    on decisions.line_id = statement_lines.line_id

where decisions.run_number = $run_number
    and decisions.outcome in ('applied', 'short_paid', 'overpaid')

group by statement_lines.currency

order by statement_lines.currency
