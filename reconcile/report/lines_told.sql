-- The lines of the statement files of this run; or, where `is_earlier`, all other lines that still wait for a person. One row per line.

with

lines_of_run as (

    select distinct line_id

    from line_sources

    where run_number = $run_number

)

select line_id

from lines_of_run

where not $is_earlier

union all

select line_id

from current_decisions

anti join lines_of_run
    on current_decisions.line_id = lines_of_run.line_id

where $is_earlier
    and outcome in ('review', 'unmatched')

order by line_id
