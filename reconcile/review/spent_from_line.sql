-- The payments that were made from a line's money on account. One row per payment.

select
    payment_events.payment_id,
    any_value(payment_events.invoice_id) as invoice_id,
    -sum(payment_credits.amount) as amount

from payment_credits

inner join payment_events
    on payment_credits.event_id = payment_events.event_id

where payment_credits.source_kind = 'line'
    and payment_credits.source_id = $line_id

group by payment_events.payment_id

having sum(payment_credits.amount) < 0

order by payment_id
