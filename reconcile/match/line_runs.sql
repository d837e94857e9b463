-- The runs of letters and of digits in a line's text, and the same with what is no invoice's number masked: digits of dates as d,
-- of phone numbers, accounts, cards, contracts, amounts, quantities and so on as x. One row per line that holds a digit.

with

texts as (

    select
        line_id,
        currency,
        booked_date,
        reference_text as text,
        list_concat(
            regexp_extract_all(reference_text, $other_numbers, 1),
            regexp_extract_all(reference_text, $other_shapes, 1),
            -- Letters are the numbers from 10 on, moved from the beginning to the end; the remainder by 97 is 1 (ISO 13616).
            list_filter(
                regexp_extract_all(reference_text, $account_shapes),
                lambda account: list_reduce(
                    list_transform(
                        string_split(substr(replace(account, ' ', ''), 5) || left(account, 4), ''),
                        lambda sign: case when sign between '0' and '9' then ascii(sign) - 48 else ascii(sign) - 55 end
                    ),
                    lambda remainder, sign: (remainder * case when sign > 9 then 100 else 10 end + sign) % 97
                ) = 1
            ),
            list_filter(regexp_extract_all(reference_text, $bank_shapes), lambda bank: not regexp_matches(bank, $invoice_before))
        ) as others,
        regexp_extract_all(reference_text, $dates, 1) as dates

    from match_all_lines

    where regexp_matches(reference_text, '[0-9]')

),

masked as (

    select
        *,
        list_reduce(
            list_concat(
                [text],
                list_transform(list_distinct(others), lambda other: other || chr(1) || translate(other, '0123456789', 'xxxxxxxxxx')),
                list_transform(list_distinct(dates), lambda date: date || chr(1) || translate(date, '0123456789', 'dddddddddd'))
            ),
            lambda masked, pair: replace(masked, string_split(pair, chr(1))[1], string_split(pair, chr(1))[2])
        ) as masked_text

    from texts

)

select
    line_id,
    currency,
    booked_date,
    regexp_extract_all(text, '[A-Z]+|[0-9]+') as runs,
    -- How many runs there are up to the end of each field: payer's name, reference, remittance text.
    list_transform(
        range(1, len(string_split(text, ' / '))),
        lambda fields: len(regexp_extract_all(array_to_string(string_split(text, ' / ')[:fields], ' / '), '[A-Z]+|[0-9]+'))
    ) as field_ends,
    case when masked_text != text then regexp_extract_all(masked_text, '[A-Z]+|[0-9dx]+') end as masked_runs

from masked

order by line_id
