-- Which known invoices a line names, and how surely. One row per (line, invoice), with the surest naming of it.
--
-- Only whole runs of letters or digits count (see `line_keys.sql`): 1814 is not in 91814. Levels, surest first: creditor (a
-- structured creditor reference), whole (the whole number), digits (all its digits, prefix lost), order (the customer's purchase
-- order), tail (its last run of digits only). A naming inside a surer naming of another invoice does not count.

with

item_runs as (

    select
        invoice_id,
        currency,
        number_text,
        creditor_text,
        order_text,
        regexp_extract_all(number_text, '[A-Z]+|[0-9]+') as runs,
        regexp_extract_all(number_text, '[0-9]+') as digit_runs

    from match_all_items

),

item_keys as (

    select
        invoice_id,
        currency,
        false as is_digits_only,
        5 as reference_strength,
        case when regexp_full_match(creditor_text, '[0-9]+') then ltrim(creditor_text, '0') else creditor_text end as reference_key
    from item_runs
    where length(creditor_text) >= 6
    union all
    -- A national reference of digits only is named by the RF reference that wraps it, too (ISO 11649).
    select
        invoice_id,
        currency,
        false,
        5,
        'RF' || lpad((98 - (creditor_text || '271500')::hugeint % 97)::varchar, 2, '0') || ltrim(creditor_text, '0')
    from item_runs
    where regexp_full_match(creditor_text, '[0-9]{6,20}')
    union all
    -- A number of digits only is whole where it is long enough to be no number of anything else.
    select
        invoice_id,
        currency,
        len(runs) = 1,
        case when len(runs) > len(digit_runs) or length(array_to_string(runs, '')) >= 6 then 4 else 3 end,
        case when len(runs) > len(digit_runs) then array_to_string(runs, '') else ltrim(array_to_string(runs, ''), '0') end
    from item_runs
    where len(digit_runs) > 0 and length(array_to_string(runs, '')) >= 3
    union all
    -- Two digits, which a line names only behind a word for invoice.
    select invoice_id, currency, true, 1, runs[1]
    from item_runs
    where len(runs) = 1 and regexp_full_match(runs[1], '[1-9][0-9]')
    union all
    -- The same with the zeros that lead a run of digits left out: RE 2026-00423 written RE 2026-423.
    select invoice_id, currency, false, 4, array_to_string(list_transform(runs, lambda run: ltrim(run, '0')), '|')
    from item_runs
    where len(digit_runs) > 0 and len(runs) > 1
    union all
    select
        invoice_id,
        currency,
        len(digit_runs) = 1,
        case when length(array_to_string(digit_runs, '')) >= 5 then 3 else 1 end,
        ltrim(array_to_string(digit_runs, ''), '0')
    from item_runs
    where len(runs) > len(digit_runs) and length(ltrim(array_to_string(digit_runs, ''), '0')) >= 3
    union all
    select invoice_id, currency, false, 3, array_to_string(list_transform(digit_runs, lambda run: ltrim(run, '0')), '|')
    from item_runs
    where len(digit_runs) > 1 and length(ltrim(array_to_string(digit_runs, ''), '0')) >= 4
    union all
    select invoice_id, currency, false, 2, case when regexp_full_match(order_text, '[0-9]+') then ltrim(order_text, '0') else order_text end
    from item_runs
    where length(order_text) >= 4
    union all
    select invoice_id, currency, true, 1, ltrim(digit_runs[-1], '0')
    from item_runs
    where len(digit_runs) > 1 and length(ltrim(digit_runs[-1], '0')) >= 3
    union all
    -- A counter of one or two figures behind zeros (0042), unless so many numbers end with it that it says nothing.
    select invoice_id, currency, true, 1, ltrim(digit_runs[-1], '0')
    from item_runs
    where len(digit_runs) > 1
        and length(digit_runs[-1]) >= 3
        and length(ltrim(digit_runs[-1], '0')) between 1 and 2
    qualify count(*) over (partition by ltrim(digit_runs[-1], '0')) <= 100

),

first_letters as (

    select distinct regexp_extract(reference_key, '^[A-Z]+') as letters

    from item_keys

),

match_line_keys as (

    {line_keys}

),

namings as (

    select
        match_line_keys.line_id,
        item_keys.invoice_id,
        -- A number of digits only that is put together from several may be a date or an amount; a list in short, anything.
        case
            when match_line_keys.is_shorthand then 1
            when item_keys.is_digits_only
                and (match_line_keys.last_run > match_line_keys.first_run or length(match_line_keys.written_key) <= 2)
                and (
                    match_line_keys.last_run_length <= 2
                    or regexp_full_match(match_line_keys.written_key, '(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])')
                ) then 1
            else item_keys.reference_strength
        end as reference_strength,
        match_line_keys.first_run,
        match_line_keys.last_run,
        match_line_keys.written_key,
        -- Numbers that differ only in leading zeros are told apart by them.
        ends_with(match_all_items.number_key, match_line_keys.written_key) as is_as_written,
        match_line_keys.currency = item_keys.currency as is_same_currency

    from match_line_keys

    inner join item_keys
        on match_line_keys.reference_key = item_keys.reference_key

    inner join match_all_items
        on item_keys.invoice_id = match_all_items.invoice_id

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
            and surer.invoice_id != namings.invoice_id
            and (
                surer.reference_strength > namings.reference_strength
                or (
                    surer.reference_strength = namings.reference_strength
                    and surer.last_run - surer.first_run > namings.last_run - namings.first_run
                )
                or (
                    surer.reference_strength = namings.reference_strength
                    and surer.first_run = namings.first_run
                    and surer.last_run = namings.last_run
                    and surer.is_as_written
                    and not namings.is_as_written
                )
            )

    )

    qualify row_number() over (
        partition by namings.line_id, namings.invoice_id
        order by namings.reference_strength desc, namings.first_run, namings.last_run
    ) = 1

)

select
    line_id,
    invoice_id,
    case reference_strength
        when 5 then 'creditor'
        when 4 then 'whole'
        when 3 then 'digits'
        when 2 then 'order'
        else 'tail'
    end as reference_level,
    written_key as reference_text,
    is_same_currency

from surest

order by line_id, invoice_id
