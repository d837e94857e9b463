-- Invoices of which the invoicing system's export says neither what it said before we posted nor what it would say after.
-- One row per invoice.

select
    'export' as kind,
    '' as source_file,
    '' as account_id,
    (item_balances.exported_due - (item_balances.owed_before - item_balances.applied))::decimal(18, 3) as amount,
    item_balances.currency,
    format(
        'Invoice {} ({}): the export says {} is due, the ledger {}; {} is taken as owed. Look up who changed it.',
        item_balances.invoice_number,
        item_balances.invoice_id,
        item_balances.exported_due,
        item_balances.owed_before - item_balances.applied,
        item_balances.open_amount
    ) as sentence

from item_balances

where item_balances.is_disputed_by_export

order by item_balances.invoice_id
