-- Invoices that the system should show: those that we have posted to, the latest first, then those that are open. One row per invoice.

with

posted as (

    select invoice_id, max(happened_at) as posted_at

    from current_postings

    where system = $system
        and place = $place
        and state = 'confirmed'

    group by invoice_id

)

select item_balances.invoice_id

from item_balances

left join posted
    on item_balances.invoice_id = posted.invoice_id

where item_balances.kind = 'invoice'
    and item_balances.status != 'draft'
    and (posted.invoice_id is not null or item_balances.open_amount > 0)

order by posted.posted_at desc nulls last, item_balances.invoice_id

limit 3
