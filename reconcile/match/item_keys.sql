-- By what a line may name each known invoice, and how sure that is. One row per (invoice, key).
--
-- Strength: 6 creditor (a structured creditor reference), 5 whole (the whole number), 4 digits (all its digits, prefix lost), 2 order
-- (the customer's purchase order), 1 tail (its last run of digits only, or so few digits that they may be anything's).

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

)

select
    invoice_id,
    currency,
    false as is_digits_only,
    6 as reference_strength,
    case when regexp_full_match(creditor_text, '[0-9]+') then ltrim(creditor_text, '0') else creditor_text end as reference_key
from item_runs
where length(creditor_text) >= 6
union all
-- A national reference of digits only is named by the RF reference that wraps it, too (ISO 11649).
select
    invoice_id,
    currency,
    false,
    6,
    'RF' || lpad((98 - (creditor_text || '271500')::hugeint % 97)::varchar, 2, '0') || ltrim(creditor_text, '0')
from item_runs
where regexp_full_match(creditor_text, '[0-9]{6,20}')
union all
-- A number of digits only is whole where it is long enough to be no number of anything else.
select
    invoice_id,
    currency,
    len(runs) = 1,
    case when len(runs) > len(digit_runs) or length(array_to_string(runs, '')) >= 6 then 5 else 4 end,
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
select invoice_id, currency, false, 5, array_to_string(list_transform(runs, lambda run: ltrim(run, '0')), '|')
from item_runs
where len(digit_runs) > 0 and len(runs) > 1
union all
select
    invoice_id,
    currency,
    len(digit_runs) = 1,
    case when length(array_to_string(digit_runs, '')) >= 5 then 4 else 1 end,
    ltrim(array_to_string(digit_runs, ''), '0')
from item_runs
where len(runs) > len(digit_runs) and length(ltrim(array_to_string(digit_runs, ''), '0')) >= 3
union all
select invoice_id, currency, false, 4, array_to_string(list_transform(digit_runs, lambda run: ltrim(run, '0')), '|')
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
-- The same of a number with a prefix: INV-42 written invoice 42.
select invoice_id, currency, true, 1, digit_runs[1]
from item_runs
where len(digit_runs) = 1 and len(runs) > 1 and regexp_full_match(digit_runs[1], '[1-9][0-9]')
qualify count(*) over (partition by digit_runs[1]) <= 100
union all
-- A counter of one or two figures behind zeros (0042), unless so many numbers end with it that it says nothing.
select invoice_id, currency, true, 1, ltrim(digit_runs[-1], '0')
from item_runs
where len(digit_runs) > 1
    and length(digit_runs[-1]) >= 3
    and length(ltrim(digit_runs[-1], '0')) between 1 and 2
qualify count(*) over (partition by ltrim(digit_runs[-1], '0')) <= 100
