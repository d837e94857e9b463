-- Candidates whose number a line nearly names: one edit away (a letter or digit wrong, lost, doubled or swapped with its
-- neighbour), letters that look like digits taken for them, or cut off at the end of the text.
-- One row per (line, item).
--
-- Only pairs that the payer or the amount proposed are looked at: in a dense numbering every number is one edit from others. Of
-- four digits, only the payer's equal items: there a number that is nearly one of them says more than their age.
-- Each pair is looked at once, when it is first proposed, with what the item owes then.

with

match_line_keys as (

    {line_keys}

),

item_keys as (

    select
        invoice_id,
        number_key,
        array_to_string(regexp_extract_all(number_key, '[0-9]+'), '') as digits_key,
        translate(number_key, 'OQDILSBZG', '000115826') as lookalike_key,
        digits_min

    from (
        select
            match_items.invoice_id,
            match_items.number_key,
            case when match_own_equal_items.own_items_alike > 1 then 4 else 5 end as digits_min
        from match_items
        semi join match_new_pairs
            on match_items.invoice_id = match_new_pairs.invoice_id
        left join match_own_equal_items
            on match_items.customer_id = match_own_equal_items.customer_id
            and match_items.currency = match_own_equal_items.currency
            and match_items.open_amount = match_own_equal_items.open_amount
        union all
        select invoice_id, creditor_text as number_key, 5 as digits_min
        from match_items
        semi join match_new_pairs
            on match_items.invoice_id = match_new_pairs.invoice_id
        where length(creditor_text) >= 8
    )

),

-- Letters taken for digits cut a number into more runs than it has: what stands between blanks is compared as a whole.
lookalikes as (

    select
        line_id,
        translate(regexp_replace(chunk, '[^A-Z0-9]', '', 'g'), 'OQDILSBZG', '000115826') as lookalike_key

    from (

        select line_id, unnest(string_split(reference_text, ' ')) as chunk

        from match_lines

        semi join match_new_pairs
            on match_lines.line_id = match_new_pairs.line_id

    )

    where regexp_matches(chunk, '[0-9]')

),

compared as (

    select
        pairs.line_id,
        pairs.invoice_id,
        min(
            case
                when translate(match_line_keys.written_key, 'OQDILSBZG', '000115826') = item_keys.lookalike_key then 1
                when match_line_keys.has_letters and length(item_keys.number_key) >= 5
                    then damerau_levenshtein(match_line_keys.written_key, item_keys.number_key)
                when not match_line_keys.has_letters and length(item_keys.digits_key) >= item_keys.digits_min
                    then damerau_levenshtein(match_line_keys.written_key, item_keys.digits_key)
            end
        ) as edits,
        bool_or(
            match_line_keys.is_at_end
            and length(match_line_keys.written_key) >= 4
            and (
                (match_line_keys.has_letters and starts_with(item_keys.number_key, match_line_keys.written_key)
                    and 2 * length(match_line_keys.written_key) >= length(item_keys.number_key))
                or (not match_line_keys.has_letters and starts_with(item_keys.digits_key, match_line_keys.written_key))
            )
        ) as is_cut_off

    from match_new_pairs as pairs

    inner join item_keys
        on pairs.invoice_id = item_keys.invoice_id

    inner join match_line_keys
        on pairs.line_id = match_line_keys.line_id

    where (
            match_line_keys.has_letters
            and (
                left(match_line_keys.written_key, 2) = left(item_keys.number_key, 2)
                or right(match_line_keys.written_key, 2) = right(item_keys.number_key, 2)
            )
            and abs(length(match_line_keys.written_key) - length(item_keys.number_key)) <= 1
        )
        or (
            not match_line_keys.has_letters
            and (
                left(match_line_keys.written_key, 2) = left(item_keys.digits_key, 2)
                or right(match_line_keys.written_key, 2) = right(item_keys.digits_key, 2)
            )
            and abs(length(match_line_keys.written_key) - length(item_keys.digits_key)) <= 1
        )
        or match_line_keys.is_at_end

    group by pairs.line_id, pairs.invoice_id

    union all

    select pairs.line_id, pairs.invoice_id, 1 as edits, false as is_cut_off

    from match_new_pairs as pairs

    inner join item_keys
        on pairs.invoice_id = item_keys.invoice_id

    inner join lookalikes
        on pairs.line_id = lookalikes.line_id
        and item_keys.lookalike_key = lookalikes.lookalike_key

    where length(item_keys.lookalike_key) >= 5

)

select
    line_id,
    invoice_id,
    case when min(edits) <= 1 then 'typo' else 'cut_off' end as typo_level

from compared

where edits <= 1
    or is_cut_off

group by line_id, invoice_id

order by line_id, invoice_id
