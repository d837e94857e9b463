-- The numbers that a line's text may hold: runs of letters and digits, alone and with their neighbours joined.
-- One row per (line, first run, last run, way of joining).
--
-- Joined without anything between (the zeros that lead a number left out where it is digits only), and joined with bars, each
-- run without its leading zeros; and what a list in short stands for. Two digits are a number only behind a word for invoice.
-- `is_bare`: they may be anything's: a few digits with which the text does not open, or with which it opens as an address does,
-- before a word of its own, or a date's, with no word for invoice or reference before them.

with

starts as (

    select
        line_id,
        currency,
        len(runs) as runs_count,
        first_run,
        runs[first_run:first_run + $runs_max - 1] as following_runs,
        masked_runs[first_run:first_run + $runs_max - 1] as following_masked,
        runs[first_run:first_run + $list_runs_max] as list_runs,
        coalesce(masked_runs[first_run:first_run + $list_runs_max], []) as list_masked,
        case
            when regexp_matches(runs[first_run], '^[0-9]')
                then array_to_string(
                    runs[greatest(first_run - 12, 1 + coalesce(list_max(list_filter(field_ends, lambda run: run < first_run)), 0))
                        :first_run - 1],
                    ' '
                )
        end as text_before,
        case when not list_contains(field_ends, first_run) then runs[first_run + 1] end as run_after,
        year(booked_date) % 100 as booked_year

    from (select *, unnest(range(1, len(runs) + 1)) as first_run from {line_runs})

    where regexp_matches(runs[first_run], '^[0-9]')
        or {is_beginning}

),

spans as (

    select
        * exclude (following_masked, list_runs, list_masked),
        first_run + more as last_run,
        following_runs[:more + 1] as span_runs,
        array_to_string(following_runs[:more + 1], '') as written_key,
        coalesce(array_to_string(following_masked[:more + 1], ''), '') as masked_key

    from (select *, unnest(range(0, len(following_runs))) as more from starts)

),

lists as (

    select
        line_id,
        currency,
        first_run + more as last_run,
        list_runs[1] as first_key,
        list_runs[more + 1] as last_key

    from (

        select *, unnest(range(1, len(list_runs))) as more

        from starts

        where regexp_matches(list_runs[1], '^[0-9]{3,}$')
            and regexp_matches(list_runs[2], '^[0-9]+$')
            and length(list_runs[2]) < length(list_runs[1])

    )

    where len(list_filter(list_runs[2:more + 1], lambda run: regexp_matches(run, '[A-Z]') or length(run) >= length(list_runs[1]))) = 0
        and len(list_filter(list_masked[:more + 1], lambda run: regexp_matches(run, '[dx]'))) = 0

),

-- Digits that are something else's are no number; those of a date are one only together: 10/2026 may be, its 2026 is not.
written as (

    select
        *,
        regexp_matches(written_key, '[A-Z]') as has_letters,
        case
            when regexp_full_match(masked_key, 'd+')
                or (
                    len(span_runs) = 1
                    and length(written_key) between 4 and 8
                    and (
                        abs(try_cast(regexp_extract(written_key, $year_first, 1) as integer) - booked_year) <= 1
                        or abs(try_cast(regexp_extract(written_key, $year_last, 1) as integer) - booked_year) <= 1
                    )
                )
                then not regexp_matches(text_before, $labelled)
            when len(span_runs) = 1 and length(written_key) <= $bare_digits_max
                then not (
                    regexp_matches(text_before, $labelled)
                    or (
                        regexp_matches(text_before, $opening)
                        and (regexp_matches(text_before, '[A-Z]') or regexp_matches(coalesce(run_after, ''), $opening_on))
                    )
                )
        end as is_bare

    from spans

    where regexp_matches(masked_key, '[A-Z]')
        or not (contains(masked_key, 'x') or (contains(masked_key, 'd') and len(span_runs) = 1))

)

select
    line_id,
    currency,
    first_run,
    last_run,
    last_run = runs_count as is_at_end,
    written_key,
    length(span_runs[-1]) as last_run_length,
    false as is_shorthand,
    has_letters,
    coalesce(is_bare, false) as is_bare,
    unnest(
        case when has_letters then [written_key] else [ltrim(written_key, '0')] end
        || case
            when len(span_runs) between 2 and $runs_of_numbers_max
                then [array_to_string(list_transform(span_runs, lambda run: ltrim(run, '0')), '|')]
            else []
        end
    ) as reference_key

from written

where regexp_matches(written_key, '[A-Z].*[0-9]|[0-9].*[A-Z]|[0-9].*[0-9].*[0-9]')
    or (regexp_full_match(written_key, '[1-9][0-9]') and len(span_runs) = 1 and regexp_matches(text_before, $invoice_labelled))

union all

-- A list in short: 1001/2/3 is 1001, 1002 and 1003. Runs of digits that follow a longer one stand for its last digits.
select
    line_id,
    currency,
    last_run as first_run,
    last_run,
    false as is_at_end,
    left(first_key, length(first_key) - length(last_key)) || last_key as written_key,
    length(first_key) as last_run_length,
    true as is_shorthand,
    false as has_letters,
    false as is_bare,
    ltrim(left(first_key, length(first_key) - length(last_key)) || last_key, '0') as reference_key

from lists
