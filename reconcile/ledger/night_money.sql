-- Money that came in with the new lines of a day's nights. One row per day and currency.

select
    runs.as_of_date,
    statement_lines.currency,
    sum(statement_lines.amount)::decimal(18, 3) as money_in

from runs

inner join statement_lines
    on runs.run_number = statement_lines.run_number

where statement_lines.amount > 0

group by
    runs.as_of_date,
    statement_lines.currency

order by
    runs.as_of_date,
    statement_lines.currency
