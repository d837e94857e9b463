-- What the nights of a day brought: new lines, receipts among them, those that no person had to decide. One row per day.
--
-- Several runs of a day count together, so that a repeated one, which brings nothing new, is no night of its own.

with

days as (

    select
        as_of_date,
        run_number

    from runs

    where kind = 'night'

)

select
    days.as_of_date,
    count(statement_lines.line_id) as lines,
    count(statement_lines.line_id) filter (where statement_lines.amount > 0) as receipts,
    count(statement_lines.line_id) filter (
        where statement_lines.amount > 0
            and decisions.outcome in ('applied', 'short_paid', 'overpaid', 'duplicate', 'on_account')
    ) as decided_receipts

from days

left join statement_lines
    on days.run_number = statement_lines.run_number

left join decisions
    on statement_lines.line_id = decisions.line_id
    and statement_lines.run_number = decisions.run_number

group by days.as_of_date

order by days.as_of_date
