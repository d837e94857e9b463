-- The cash that came from customers from $start_date to $end_date, less what went back. One row per currency.
--
-- From our banks: what lines brought that is applied or on account, less what returns took back and refunds gave, each on its booked
-- day. By hand: what payments brought, less what of them was refunded, on the day of the payment. Credit that pays an invoice is no
-- new cash. A line that seems to be a payment by hand is left out until a person says that it is other money.

with

by_bank as (

    select
        statement_lines.currency,
        case current_decisions.outcome
            when 'refund' then statement_lines.amount
            else current_decisions.applied + current_decisions.on_account
        end as amount

    from current_decisions

    inner join statement_lines
        on current_decisions.line_id = statement_lines.line_id

    where statement_lines.booked_date between $start_date and $end_date
        and not exists (

            select 1

            from payments_seen_at_bank

            where payments_seen_at_bank.line_id = current_decisions.line_id

        )

),

received_by_hand as (

    select payment_id, sum(received_change) as amount

    from payment_events

    group by payment_id

),

by_hand as (

    select current_payments.currency, received_by_hand.amount

    from received_by_hand

    inner join current_payments
        on received_by_hand.payment_id = current_payments.payment_id

    where current_payments.payment_date between $start_date and $end_date

)

select currency, sum(amount)::decimal(18, 3) as amount

from (

    select * from by_bank
    union all
    select * from by_hand

)

where amount != 0

group by currency

order by currency
