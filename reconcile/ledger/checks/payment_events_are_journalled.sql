-- What a payment event moved is booked once: clearing by what was received, receivables by what it settled, the customer's account by
-- its credit; the entry sums to zero. Returns the events that break it.

with

moved as (

    select event_id, 'clearing' as account, currency, received_change as amount from payment_events
    union all
    select event_id, 'receivables', currency, -applied_change from payment_events
    union all
    select payment_credits.event_id, 'on_account', payment_events.currency, -sum(payment_credits.amount)
    from payment_credits
    inner join payment_events
        on payment_credits.event_id = payment_events.event_id
    group by payment_credits.event_id, payment_events.currency

),

booked as (

    select event_id, account, currency, sum(amount) as amount

    from payment_journal

    group by event_id, account, currency

),

unbalanced as (

    select event_id, 'all' as account, sum(amount) as amount, 0 as booked

    from booked

    group by event_id, currency

    having sum(amount) != 0

)

select
    coalesce(moved.event_id, booked.event_id) as event_id,
    coalesce(moved.account, booked.account) as account,
    coalesce(moved.amount, 0) as amount,
    coalesce(booked.amount, 0) as booked

from moved

full join booked
    on moved.event_id = booked.event_id
    and moved.account = booked.account
    and moved.currency = booked.currency

where coalesce(moved.amount, 0) != coalesce(booked.amount, 0)

union all

select event_id, account, amount, booked

from unbalanced

order by event_id, account
