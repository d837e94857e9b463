-- The lines that wait for a person, the largest first, and who of them waits for a second person's yes. One row per line.

select
    statement_lines.line_id,
    statement_lines.booked_date,
    statement_lines.amount,
    statement_lines.currency,
    statement_lines.counterparty_name,
    statement_lines.remittance_text,
    current_decisions.outcome,
    current_decisions.customer_id,
    current_decisions.explanation,
    coalesce(waiting_reviews.action, '') as waiting_action,
    coalesce(waiting_reviews.who, '') as waiting_who,
    waiting_reviews.decided_at as waiting_since

from current_decisions

inner join statement_lines
    on current_decisions.line_id = statement_lines.line_id

left join waiting_reviews
    on current_decisions.line_id = waiting_reviews.line_id

where current_decisions.outcome in ('review', 'unmatched')
    and abs(statement_lines.amount) >= $amount_min
    and (
        $customer_id in ('', current_decisions.customer_id)
        or exists (

            select 1

            from allocations

            where allocations.decision_id = current_decisions.decision_id
                and allocations.customer_id = $customer_id

        )
    )

order by abs(statement_lines.amount) desc, statement_lines.booked_date, statement_lines.line_id
