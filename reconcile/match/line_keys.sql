-- The numbers that a line's text may hold: runs of letters and digits, alone and with their neighbours joined.
-- One row per (line, first run, last run, way of joining).
--
-- Joined without anything between (the zeros that lead a number left out where it is digits only), and joined with bars, each
-- run without its leading zeros; and what a list in short stands for. Two digits are a number only behind a word for invoice.
-- Account numbers that say so, per cents and quantities are no numbers.

with

line_runs as (

    select
        line_id,
        currency,
        regexp_extract_all(
            regexp_replace(
                reference_text,
                '\bIBAN[ :]*[A-Z]{2}[0-9]{2}([A-Z0-9]{11,30}|( [A-Z0-9]{4}){2,7}( [A-Z0-9]{1,3})?)\b'
                || '|\b[0-9]{1,4}([.,][0-9]+)? ?(%|(PCT|PERCENT|PROZENT|STK|STUCK|PCS|PIECES|UNITS|KG)\b)',
                ' ',
                'g'
            ),
            '[A-Z]+|[0-9]+'
        ) as runs

    from {lines}

    where regexp_matches(reference_text, '[0-9]')

),

starts as (

    select *

    from (

        select
            line_id,
            currency,
            len(runs) as runs_count,
            runs,
            unnest(range(1, len(runs) + 1)) as first_run

        from line_runs

    )

    where regexp_matches(runs[first_run], '^[0-9]')
        or {is_beginning}

),

following as (

    select
        line_id,
        currency,
        runs_count,
        runs[first_run:first_run + $runs_max - 1] as following_runs,
        first_run

    from starts

),

spans as (

    select
        line_id,
        currency,
        first_run,
        first_run + more as last_run,
        first_run + more = runs_count as is_at_end,
        following_runs[:more + 1] as span_runs,
        array_to_string(following_runs[:more + 1], '') as written_key

    from (select *, unnest(range(0, len(following_runs))) as more from following)

),

written as (

    select *

    from spans

    where regexp_matches(written_key, '[A-Z].*[0-9]|[0-9].*[A-Z]|[0-9].*[0-9].*[0-9]')

)

select
    line_id,
    currency,
    first_run,
    last_run,
    is_at_end,
    written_key,
    length(span_runs[-1]) as last_run_length,
    false as is_shorthand,
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
    length(span_runs[-1]) as last_run_length,
    false as is_shorthand,
    regexp_matches(written_key, '[A-Z]') as has_letters,
    array_to_string(list_transform(span_runs, lambda run: ltrim(run, '0')), '|') as reference_key

from written

where len(span_runs) between 2 and $runs_of_numbers_max

union all

select
    line_id,
    currency,
    first_run,
    first_run as last_run,
    false as is_at_end,
    runs[first_run] as written_key,
    2 as last_run_length,
    false as is_shorthand,
    false as has_letters,
    runs[first_run] as reference_key

from starts

where regexp_full_match(runs[first_run], '[1-9][0-9]')
    and regexp_matches(
        array_to_string(runs[greatest(first_run - 2, 1):first_run - 1], ' '),
        '(^| )(INVOICE|INV|RECHNUNG|RG|RE|FACTURE|FACTURA|FATTURA|FATURA|FACTUUR|FAKTURA)( (NO|NR|NUM|NUMBER|NUMMER))?$'
    )
    -- Nor a date: 12.10.2026, 12.10.26, 10/2026.
    and not regexp_matches(
        array_to_string(runs[first_run:first_run + 2], ' '),
        '^[0-3][0-9] ([01]?[0-9] ((19|20)?[0-9]{2})|(19|20)[0-9]{2})( |$)'
    )

union all

-- A list in short: 1001/2/3 is 1001, 1002 and 1003. Runs of digits that follow a longer one stand for its last digits.
select
    line_id,
    currency,
    first_run + more as first_run,
    first_run + more as last_run,
    false as is_at_end,
    left(following_runs[1], length(following_runs[1]) - length(following_runs[more + 1])) || following_runs[more + 1] as written_key,
    length(following_runs[1]) as last_run_length,
    true as is_shorthand,
    false as has_letters,
    ltrim(
        left(following_runs[1], length(following_runs[1]) - length(following_runs[more + 1])) || following_runs[more + 1], '0'
    ) as reference_key

from (select *, unnest(range(1, len(following_runs))) as more from following)

where regexp_matches(following_runs[1], '^[0-9]{3,}$')
    and regexp_matches(array_to_string(following_runs[2:more + 1], ''), '^[0-9]+$')
    and length(following_runs[more + 1]) < length(following_runs[1])
