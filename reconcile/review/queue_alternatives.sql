-- What else was considered for the lines that wait for a person. One row per line and rank.

select
    considered.line_id,
    considered.rank,
    considered.invoice_ids,
    considered.invoice_numbers,
    considered.customer_id,
    considered.amount,
    considered.probability,
    considered.why_not

from current_decisions

inner join considered
    on current_decisions.line_id = considered.line_id
    and current_decisions.run_number = considered.run_number

where current_decisions.outcome in ('review', 'unmatched')

order by line_id, rank
