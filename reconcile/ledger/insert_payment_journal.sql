-- Book this run's payment events that moved money. One row per side of an entry; an entry sums to zero.
--
-- Clearing takes what came in beside our banks; receivables what it settled; the rest is on the customer's account.

insert into payment_journal

with

booked as (

    select payment_events.*

    from payment_events

    where run_number = $run_number
        and not exists (

            select 1

            from payment_journal

            where payment_journal.event_id = payment_events.event_id

        )

),

credited as (

    select event_id, sum(amount) as amount

    from payment_credits

    group by event_id

),

sides as (

    select event_id, 'clearing' as account, '' as side_invoice_id, received_change as side_amount from booked
    union all
    select event_id, 'receivables', invoice_id, -applied_change from booked
    union all
    select event_id, 'on_account', '', -amount from credited

)

select
    booked.run_number,
    booked.event_id as entry_id,
    booked.event_id,
    booked.payment_date as booked_date,
    sides.account,
    case sides.account when 'clearing' then '' else booked.customer_id end as customer_id,
    sides.side_invoice_id as invoice_id,
    sides.side_amount as amount,
    booked.currency

from sides

inner join booked
    on sides.event_id = booked.event_id

where sides.side_amount != 0
