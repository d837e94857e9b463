-- Every line has a decision. Returns the lines that have none.

select statement_lines.line_id, statement_lines.source_file, statement_lines.source_row

from statement_lines

where not exists (

    select 1

    from decisions

    where decisions.line_id = statement_lines.line_id

)

order by line_id
