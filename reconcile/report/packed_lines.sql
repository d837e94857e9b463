-- The texts of lines with what repeats in them left out, so that the page stays small. One row per line.
--
-- A text often holds the numbers of the invoices that it pays, the payer's name and the customer's; a sentence is one of some
-- hundred, with numbers in it. Control characters stand for them (no shown text has any): 14 to 26 for the line's invoice numbers,
-- 27 for the next of `explanation_values`, 28 for the payer's name, 29 for the customer's in capitals, 1 to 8 for the words of that
-- (where all engines agree on capitals: in ASCII). The page's script puts them back.

with

numbered as (

    select
        line,
        list(invoice_number order by place) filter (where invoice_number != '')[1:13] as numbers

    from page_allocations

    group by line

),

named as (

    select
        page_lines.line,
        coalesce(numbered.numbers, []) as numbers,
        page_lines.counterparty_name,
        page_lines.remittance_text,
        page_lines.explanation,
        case
            when regexp_full_match(page_lines.customer_name, '[ -~]{3,}') then upper(page_lines.customer_name)
            else chr(29)
        end as customer,
        case when length(page_lines.counterparty_name) > 2 then page_lines.counterparty_name else chr(28) end as payer

    from page_lines

    left join numbered
        on page_lines.line = numbered.line

),

worded as (

    select
        named.*,
        list_filter(string_split(customer, ' '), lambda word: length(word) > 2)[1:8] as words

    from named

),

without_numbers as (

    select
        worded.*,
        list_reduce(
            list_prepend(remittance_text, numbers),
            lambda left_over, number, place: replace(left_over, number, chr(12 + place::integer))
        ) as text_left,
        list_reduce(
            list_prepend(explanation, numbers),
            lambda left_over, number, place: replace(left_over, number, chr(12 + place::integer))
        ) as sentence

    from worded

)

select
    line,
    list_reduce(
        list_prepend(replace(counterparty_name, customer, chr(29)), words),
        lambda left_over, word, place: replace(left_over, word, chr(place::integer - 1))
    ) as counterparty_name,
    list_reduce(
        list_prepend(replace(replace(text_left, payer, chr(28)), customer, chr(29)), words),
        lambda left_over, word, place: replace(left_over, word, chr(place::integer - 1))
    ) as remittance_text,
    regexp_replace(sentence, '[0-9][0-9.,]*', chr(27), 'g') as explanation,
    array_to_string(regexp_extract_all(sentence, '[0-9][0-9.,]*'), ' ') as explanation_values

from without_numbers

order by line
