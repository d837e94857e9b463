-- What is still owed, the longest due first. One row per open invoice or credit note.

select
    item_balances.invoice_id,
    item_balances.invoice_number,
    item_balances.kind,
    item_balances.customer_id,
    coalesce(current_customers.name, '') as customer_name,
    item_balances.issue_date,
    item_balances.due_date,
    item_balances.currency,
    item_balances.total,
    item_balances.open_amount,
    greatest(0, date_diff('day', item_balances.due_date, $as_of::date)) as days_overdue

from item_balances

left join current_customers
    on item_balances.customer_id = current_customers.customer_id

where item_balances.open_amount > 0

order by due_date, invoice_id
