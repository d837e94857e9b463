-- The lines that have no lasting decision: none, or one of a night that leaves them open. What a person decided
-- lasts, and while a decision waits for a second person nothing else is decided. One row per line.
--
-- Of some of them a person has said what they are not (`is_rejected`): nothing about those is decided without a person again.

select
    statement_lines.*,
    exists (

        select 1

        from standing_reviews

        where standing_reviews.line_id = statement_lines.line_id
            and standing_reviews.action in ('reject', 'undo')

    ) as is_rejected

from statement_lines

where not exists (

    select 1

    from current_decisions

    where current_decisions.line_id = statement_lines.line_id
        and (current_decisions.rule = 'person' or current_decisions.outcome not in ('review', 'unmatched', 'ignored'))

)
    and not exists (

        select 1

        from waiting_reviews

        where waiting_reviews.line_id = statement_lines.line_id

    )

order by line_id
