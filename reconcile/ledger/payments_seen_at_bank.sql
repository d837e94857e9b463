-- Payments by hand that a bank line seems to bring as well: same customer, currency and amount, booked from a week before the payment's
-- date to six weeks after it, and on account, since what it would pay is paid. One row per payment and line, each in one row at most.

with

on_account_lines as (

    select
        current_decisions.line_id,
        current_decisions.customer_id,
        statement_lines.currency,
        statement_lines.amount,
        statement_lines.booked_date,
        row_number() over (
            partition by current_decisions.customer_id, statement_lines.currency, statement_lines.amount
            order by statement_lines.booked_date, current_decisions.line_id
        ) as place

    from current_decisions

    inner join statement_lines
        on current_decisions.line_id = statement_lines.line_id

    where current_decisions.customer_id != ''
        and current_decisions.on_account = statement_lines.amount
        and statement_lines.amount > 0
        and not exists (

            select 1

            from returned_receipts

            where returned_receipts.receipt_line_id = current_decisions.line_id

        )

),

by_hand as (

    select
        *,
        row_number() over (partition by customer_id, currency, amount order by payment_date, payment_id) as place

    from current_payments

    where origin = 'hand'
        and status in ('completed', 'partially_refunded')

)

select
    by_hand.payment_id,
    by_hand.invoice_id,
    by_hand.customer_id,
    by_hand.amount,
    by_hand.currency,
    by_hand.method,
    by_hand.payment_date,
    on_account_lines.line_id,
    on_account_lines.booked_date

from by_hand

inner join on_account_lines
    on by_hand.customer_id = on_account_lines.customer_id
    and by_hand.currency = on_account_lines.currency
    and by_hand.amount = on_account_lines.amount
    and by_hand.place = on_account_lines.place
    and on_account_lines.booked_date between by_hand.payment_date - 7 and by_hand.payment_date + 42

order by by_hand.payment_id
