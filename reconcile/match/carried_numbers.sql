-- What a structured creditor reference may carry: invoices' numbers, whole and by their digits without leading zeros, where the list of
-- invoices does not give the reference itself. One row per (invoice, number).

select distinct
    invoice_id,
    currency,
    unnest([ltrim(regexp_replace(number_key, '[^0-9]', '', 'g'), '0'), number_key]) as core

from match_all_items

where creditor_text = ''
    and length(number_key) >= 5

order by invoice_id, core
