-- Delete what was paid from credit that the bank has since taken back. One row per payment from credit.

insert into payment_events

with

returned as (

    select payment_credits.event_id, any_value(payment_credits.source_id) as line_id

    from payment_credits

    inner join current_decisions
        on payment_credits.source_id = current_decisions.returns_line_id
        and payment_credits.source_kind = 'line'

    where current_decisions.run_number = $run_number
        and current_decisions.outcome = 'returned'
        and payment_credits.amount < 0

    group by payment_credits.event_id

)

select
    left(sha256(concat_ws(chr(31), 'withdrawn', current_payments.payment_id, $run_number::varchar)), 24) as event_id,
    $run_number as run_number,
    current_payments.payment_id,
    current_payments.event_number + 1 as event_number,
    'deleted' as kind,
    current_payments.invoice_id,
    current_payments.customer_id,
    current_payments.currency,
    current_payments.amount,
    current_payments.amount as payment_amount,
    -current_payments.applied as applied_change,
    0 as received_change,
    current_payments.method,
    current_payments.payment_date,
    current_payments.reference,
    current_payments.notes,
    'The bank took back the receipt that this credit came from.' as reason,
    '' as who,
    runs.started_at as happened_at,
    '' as request_id

from returned

inner join payment_events
    on returned.event_id = payment_events.event_id

inner join current_payments
    on payment_events.payment_id = current_payments.payment_id
    and current_payments.status != 'deleted'

inner join runs
    on runs.run_number = $run_number
