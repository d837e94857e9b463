-- The runs that read statements; what people record by hand makes runs too. One row per night, the earliest first.

with

read_runs as (

    select run_number
    from statement_files

    union

    select run_number
    from rejections

)

select
    runs.run_number,
    runs.as_of_date,
    runs.started_at,
    runs.version

from runs

inner join read_runs
    on runs.run_number = read_runs.run_number

order by runs.run_number
