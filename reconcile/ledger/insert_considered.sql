-- Write the explanations that were considered for the lines this run left in review. One row per line and rank.

insert into considered

select
    $run_number as run_number,
    new_considered.line_id,
    new_considered.rank,
    new_considered.invoice_ids,
    new_considered.invoice_numbers,
    new_considered.customer_id,
    new_considered.amount,
    new_considered.score::decimal(18, 3) as score,
    least(floor(new_considered.probability * 1000000) / 1000000, 0.999999)::decimal(18, 6) as probability,
    new_considered.rule,
    new_considered.why_not

from new_considered

inner join decisions
    on new_considered.line_id = decisions.line_id
    and decisions.run_number = $run_number
