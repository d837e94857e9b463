-- Every cent of a line is somewhere: applied, on account or unapplied; or the line is a refund or no matter of receivables, and
-- then all three are zero. Returns the lines that break it.

select statement_lines.line_id, statement_lines.amount, current_decisions.outcome

from statement_lines

inner join current_decisions
    on statement_lines.line_id = current_decisions.line_id

where current_decisions.applied + current_decisions.on_account + current_decisions.unapplied != case
    when current_decisions.outcome in ('refund', 'ignored') then 0
    else statement_lines.amount
end

order by line_id
