-- What was received with a payment less what was refunded is where its money is: on its invoice, beyond what was owed, kept, or spent
-- as credit; none of them is negative, and a failed or deleted payment holds none. Returns the payments that break it.

with

received as (

    select payment_id, sum(received_change) as amount

    from payment_events

    group by payment_id

),

spent as (

    select
        payment_credits.source_id as payment_id,
        -sum(payment_credits.amount) as amount

    from payment_credits

    inner join payment_events
        on payment_credits.event_id = payment_events.event_id
        and payment_credits.source_id != payment_events.payment_id

    where payment_credits.source_kind != 'line'

    group by payment_credits.source_id

)

select
    current_payments.payment_id,
    current_payments.status,
    current_payments.amount,
    current_payments.refunded,
    received.amount as received

from current_payments

inner join received
    on current_payments.payment_id = received.payment_id

left join spent
    on current_payments.payment_id = spent.payment_id

where current_payments.applied < 0
    or current_payments.refunded > current_payments.amount
    or coalesce(spent.amount, 0) < 0
    or received.amount != case
        when current_payments.origin = 'credit' or current_payments.status in ('failed', 'deleted') then 0
        else current_payments.amount - current_payments.refunded
    end
    or (
        current_payments.origin = 'hand'
        and received.amount
        != current_payments.applied + current_payments.excess + current_payments.kept + coalesce(spent.amount, 0)
    )

order by current_payments.payment_id
