-- The journal's bank account moved by each line's amount, once. Returns the lines that break it.

select statement_lines.line_id, statement_lines.amount, coalesce(sum(journal.amount), 0) as booked

from statement_lines

left join journal
    on statement_lines.line_id = journal.line_id
    and journal.account = 'bank'

group by statement_lines.line_id, statement_lines.amount

having statement_lines.amount != coalesce(sum(journal.amount), 0)

order by line_id
