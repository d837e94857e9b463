-- What was proposed for a line before its current decision. One row per invoice.

with

decision_before as (

    select decision_id

    from decisions

    where line_id = $line_id

    qualify row_number() over (order by run_number desc) = 2

)

select
    allocations.* exclude (allocation_id, run_number, decision_id, probability),
    allocations.probability::double as probability

from allocations

inner join decision_before
    on allocations.decision_id = decision_before.decision_id

where allocations.state = 'proposed'

order by invoice_id
