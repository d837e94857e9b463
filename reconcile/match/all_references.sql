-- Which known invoices a line names, and how surely. One row per (line, invoice), with the surest naming of it.
--
-- Only whole runs of letters or digits count (see `line_keys.sql`): 1814 is not in 91814. Levels, surest first: creditor, whole,
-- digits, bare (the same, where the digits may be another number's), order, tail (see `item_keys.sql`). A naming inside a surer
-- naming of another invoice does not count.

with

first_letters as (

    select distinct regexp_extract(reference_key, '^[A-Z]+') as letters

    from match_item_keys

),

match_line_keys as (

    {line_keys}

),

namings as (

    select
        match_line_keys.line_id,
        match_item_keys.invoice_id,
        -- A number of digits only that is put together from several may be a date or an amount; a list in short, anything.
        case
            when match_line_keys.is_shorthand then 1
            when match_item_keys.is_digits_only
                and (match_line_keys.last_run > match_line_keys.first_run or length(match_line_keys.written_key) <= 2)
                and (
                    match_line_keys.last_run_length <= 2
                    or regexp_full_match(match_line_keys.written_key, '(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])')
                ) then 1
            when match_line_keys.is_bare then least(match_item_keys.reference_strength, 3)
            else match_item_keys.reference_strength
        end as reference_strength,
        match_line_keys.first_run,
        match_line_keys.last_run,
        match_line_keys.written_key,
        -- Numbers that differ only in leading zeros are told apart by them.
        ends_with(match_all_items.number_key, match_line_keys.written_key) as is_as_written,
        match_line_keys.currency = match_item_keys.currency as is_same_currency

    from match_line_keys

    inner join match_item_keys
        on match_line_keys.reference_key = match_item_keys.reference_key

    inner join match_all_items
        on match_item_keys.invoice_id = match_all_items.invoice_id

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
        when 6 then 'creditor'
        when 5 then 'whole'
        when 4 then 'digits'
        when 3 then 'bare'
        when 2 then 'order'
        else 'tail'
    end as reference_level,
    written_key as reference_text,
    is_same_currency

from surest

order by line_id, invoice_id
