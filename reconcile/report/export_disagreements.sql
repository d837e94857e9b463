-- Invoices of which the invoicing system's export says neither what it said before we posted nor what it would say after.
-- One row per invoice.
--
-- Amounts are turned into text first: `format` would print a decimal as a float. Of three decimals the last is left out where it is 0.

with

disputed as (

    select
        item_balances.*,
        (item_balances.owed_before - item_balances.applied)::decimal(18, 3) as expected_due

    from item_balances

    where item_balances.is_disputed_by_export

)

select
    'export' as kind,
    '' as source_file,
    '' as account_id,
    (exported_due - expected_due)::decimal(18, 3) as amount,
    currency,
    format(
        'Invoice {} ({}): the export says {} is due, the ledger {}; {} is taken as owed. Look up who changed it.',
        invoice_number,
        invoice_id,
        regexp_replace(exported_due::varchar, '0$', ''),
        regexp_replace(expected_due::varchar, '0$', ''),
        regexp_replace(open_amount::varchar, '0$', '')
    ) as sentence

from disputed

order by invoice_id
