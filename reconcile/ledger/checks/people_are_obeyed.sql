-- What a person said, and nobody took back, is what its line's decision says, to the cent; what waits for a second person made no
-- decision; and no decision is a person's that no person made. Returns the lines that break it.

with

carried_out as (

    select review_id, line_id, decision_id

    from standing_reviews

    where action not in ('reject', 'undo')
        and not is_waiting

),

disobeyed as (

    select carried_out.line_id, 'is decided otherwise' as breach

    from carried_out

    inner join current_decisions
        on carried_out.line_id = current_decisions.line_id

    where carried_out.decision_id != current_decisions.decision_id
        or current_decisions.rule != 'person'

),

said as (

    select
        carried_out.line_id,
        review_items.invoice_id,
        sum(review_items.amount) as amount,
        sum(review_items.residual) as residual

    from carried_out

    inner join review_items
        on carried_out.review_id = review_items.review_id

    group by carried_out.line_id, review_items.invoice_id

),

allocated as (

    select
        carried_out.line_id,
        allocations.invoice_id,
        sum(allocations.amount) as amount,
        sum(allocations.residual) as residual

    from carried_out

    inner join allocations
        on carried_out.decision_id = allocations.decision_id
        and allocations.state = 'posted'

    group by carried_out.line_id, allocations.invoice_id

),

unequal as (

    select coalesce(said.line_id, allocated.line_id) as line_id, 'pays another amount' as breach

    from said

    full join allocated
        on said.line_id = allocated.line_id
        and said.invoice_id = allocated.invoice_id

    where said.amount is distinct from allocated.amount
        or said.residual is distinct from allocated.residual

),

premature as (

    select line_id, 'is decided before a second person confirmed it' as breach

    from reviews

    where is_waiting
        and decision_id != ''

),

unsaid as (

    select current_decisions.line_id, 'is decided by nobody' as breach

    from current_decisions

    where current_decisions.rule = 'person'
        and not exists (

            select 1

            from standing_reviews

            where standing_reviews.decision_id = current_decisions.decision_id

        )

)

select line_id, breach

from (

    select * from disobeyed
    union all
    select * from unequal
    union all
    select * from premature
    union all
    select * from unsaid

)

order by line_id, breach
