-- What was considered for a line before its current decision. One row per rank.

with

decision_before as (

    select line_id, run_number

    from decisions

    where line_id = $line_id

    qualify row_number() over (order by run_number desc) = 2

)

select
    considered.* exclude (run_number, score, probability),
    considered.score::double as score,
    considered.probability::double as probability

from considered

inner join decision_before
    on considered.line_id = decision_before.line_id
    and considered.run_number = decision_before.run_number

order by rank
