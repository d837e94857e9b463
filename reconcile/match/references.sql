-- Which known invoices a line names, and how surely. One row per (line, invoice), with the surest naming of it.
--
-- Text and numbers are cut into runs of letters and runs of digits; a key is a run, or neighbouring runs joined, so that
-- separators, blanks and line breaks anywhere do not matter and only whole tokens count: 1814 is not in 91814.
-- Levels, surest first: creditor (a structured creditor reference), whole (the whole number), digits (all its digits,
-- prefix lost), tail (its last run of digits only). A naming inside a surer naming of another invoice does not count.

with

item_runs as (

    select
        invoice_id,
        currency,
        number_text,
        creditor_text,
        regexp_extract_all(number_text, '[A-Z]+|[0-9]+') as runs,
        regexp_extract_all(number_text, '[0-9]+') as digit_runs

    from match_items

),

item_keys as (

    select invoice_id, currency, 4 as reference_strength, creditor_text as reference_key from item_runs where length(creditor_text) >= 6
    union all
    select invoice_id, currency, 3, array_to_string(runs, '') from item_runs where len(digit_runs) > 0 and len(runs) > len(digit_runs)
    union all
    -- The same with the zeros that lead a run of digits left out: RE 2026-00423 written RE 2026-423.
    select invoice_id, currency, 3, array_to_string(list_transform(runs, lambda run: ltrim(run, '0')), '|') from item_runs
    where len(digit_runs) > 1 and len(runs) > len(digit_runs)
    union all
    select invoice_id, currency, 2, ltrim(array_to_string(digit_runs, ''), '0') from item_runs
    where length(ltrim(array_to_string(digit_runs, ''), '0')) >= 3
    union all
    select invoice_id, currency, 2, array_to_string(list_transform(digit_runs, lambda run: ltrim(run, '0')), '|') from item_runs
    where len(digit_runs) > 1 and length(ltrim(array_to_string(digit_runs, ''), '0')) >= 4
    union all
    select invoice_id, currency, 1, ltrim(digit_runs[-1], '0') from item_runs
    where len(digit_runs) > 1 and length(ltrim(digit_runs[-1], '0')) >= 3

),

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
        first_run + unnest(range(0, least(6, len(runs) - first_run + 1))) as last_run,
        runs

    from starts

),

line_keys as (

    select
        line_id,
        currency,
        first_run,
        last_run,
        array_to_string(runs[first_run:last_run], '') as written_key,
        case
            when regexp_full_match(array_to_string(runs[first_run:last_run], ''), '[0-9]+')
            then ltrim(array_to_string(runs[first_run:last_run], ''), '0')
            else array_to_string(runs[first_run:last_run], '')
        end as reference_key

    from spans

    union all

    select
        line_id,
        currency,
        first_run,
        last_run,
        array_to_string(runs[first_run:last_run], '') as written_key,
        array_to_string(list_transform(runs[first_run:last_run], lambda run: ltrim(run, '0')), '|') as reference_key

    from spans

    where last_run > first_run

),

namings as (

    select
        line_keys.line_id,
        item_keys.invoice_id,
        item_keys.reference_strength,
        line_keys.first_run,
        line_keys.last_run,
        line_keys.written_key,
        line_keys.currency = item_keys.currency as is_same_currency

    from line_keys

    inner join item_keys
        on line_keys.reference_key = item_keys.reference_key

),

surest as (

    select namings.*

    from namings

    where not exists (

        select 1

        from namings as surer

        where surer.line_id = namings.line_id
            and surer.first_run <= namings.first_run
            and surer.last_run >= namings.last_run
            and surer.reference_strength > namings.reference_strength
            and surer.invoice_id != namings.invoice_id

    )

    qualify row_number() over (
        partition by namings.line_id, namings.invoice_id
        order by namings.reference_strength desc, namings.first_run, namings.last_run
    ) = 1

)

select
    line_id,
    invoice_id,
    case reference_strength when 4 then 'creditor' when 3 then 'whole' when 2 then 'digits' else 'tail' end as reference_level,
    written_key as reference_text,
    is_same_currency

from surest

order by line_id, invoice_id
