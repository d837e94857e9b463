-- The lines that have no lasting decision. One row per line.

select statement_lines.*

from statement_lines

where not exists (

    select 1

    from current_decisions

    where current_decisions.line_id = statement_lines.line_id
        and current_decisions.outcome not in ('review', 'unmatched', 'ignored')

)

order by line_id
