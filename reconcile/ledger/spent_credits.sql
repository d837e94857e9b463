-- What a payment took from other sources of credit and still holds, as negative amounts. One row per source.

select
    payment_credits.source_kind,
    payment_credits.source_id,
    sum(payment_credits.amount)::decimal(18, 3) as amount

from payment_credits

inner join payment_events
    on payment_credits.event_id = payment_events.event_id

where payment_events.payment_id = $payment_id
    and payment_credits.source_id != payment_events.payment_id

group by payment_credits.source_kind, payment_credits.source_id

having sum(payment_credits.amount) < 0

order by payment_credits.source_kind, payment_credits.source_id
