-- An invoice's status is what its money says, and the books agree on what settled it. Returns the invoices that break it.

with

booked as (

    select invoice_id, -sum(amount) as settled

    from (

        select invoice_id, amount from journal where account = 'receivables'
        union all
        select invoice_id, amount from payment_journal where account = 'receivables'

    )

    group by invoice_id

),

settled as (

    select invoice_id, sum(amount) as settled

    from settlements

    group by invoice_id

)

select
    invoice_standings.invoice_id,
    invoice_standings.status,
    invoice_standings.paid,
    invoice_standings.remaining,
    coalesce(settled.settled, 0) as settled,
    coalesce(booked.settled, 0) as booked

from invoice_standings

left join settled
    on invoice_standings.invoice_id = settled.invoice_id

left join booked
    on invoice_standings.invoice_id = booked.invoice_id

where coalesce(settled.settled, 0) != coalesce(booked.settled, 0)
    or remaining < 0
    or paid < 0
    or overpaid < 0
    or (status = 'unpaid' and paid != 0)
    or (status = 'paid' and (remaining != 0 or overpaid != 0))
    or (status = 'partially_paid' and (remaining = 0 or overpaid != 0))
    or (status = 'refunded' and (paid != 0 or refunded = 0))
    or (overpaid != 0 and status != 'overpaid')

order by invoice_standings.invoice_id
