-- The numbers that a line's text may hold: runs of letters and digits, alone and with their neighbours joined.
-- One row per (line, first run, last run, way of joining).
--
-- Joined without anything between (the zeros that lead a number left out where it is digits only), and joined with bars, each
-- run without its leading zeros.

with

line_runs as (

    select
        line_id,
        currency,
        regexp_extract_all(reference_text, '[A-Z]+|[0-9]+') as runs

    from match_all_lines

    where regexp_matches(reference_text, '[0-9]')

),

starts as (

    select
        line_id,
        currency,
        runs,
        unnest(range(1, len(runs) + 1)) as first_run

    from line_runs

),

spans as (

    select
        line_id,
        currency,
        first_run,
        first_run + unnest(range(0, least($runs_max, len(runs) - first_run + 1))) as last_run,
        runs

    from starts

),

written as (

    select
        line_id,
        currency,
        first_run,
        last_run,
        last_run = len(runs) as is_at_end,
        runs[first_run:last_run] as span_runs,
        array_to_string(runs[first_run:last_run], '') as written_key

    from spans

    where regexp_matches(array_to_string(runs[first_run:last_run], ''), '[0-9]')

)

select
    line_id,
    currency,
    first_run,
    last_run,
    is_at_end,
    written_key,
    regexp_matches(written_key, '[A-Z]') as has_letters,
    case when regexp_matches(written_key, '[A-Z]') then written_key else ltrim(written_key, '0') end as reference_key

from written

union all

select
    line_id,
    currency,
    first_run,
    last_run,
    is_at_end,
    written_key,
    regexp_matches(written_key, '[A-Z]') as has_letters,
    array_to_string(list_transform(span_runs, lambda run: ltrim(run, '0')), '|') as reference_key

from written

where last_run > first_run
