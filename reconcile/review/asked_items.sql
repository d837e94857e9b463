-- The invoices and credit notes that are asked for by id or by number, with what is owed on each. One row per invoice.

select
    item_balances.invoice_id,
    item_balances.invoice_number,
    item_balances.customer_id,
    item_balances.kind,
    item_balances.status,
    item_balances.currency,
    item_balances.open_amount

from item_balances

where item_balances.invoice_id in (select invoice from asked)
    or item_balances.invoice_number in (select invoice from asked)

order by invoice_id
