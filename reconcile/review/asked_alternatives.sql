-- What was considered for the lines that are asked for, as their current decisions list it. One row per line and rank.

select
    considered.line_id,
    considered.rank,
    considered.invoice_ids

from asked

inner join current_decisions
    on asked.line_id = current_decisions.line_id

inner join considered
    on current_decisions.line_id = considered.line_id
    and current_decisions.run_number = considered.run_number

order by line_id, rank
