-- Write one event of a payment. One row.

insert into payment_events

select
    $event_id as event_id,
    $run_number as run_number,
    $payment_id as payment_id,
    $event_number as event_number,
    $kind as kind,
    $invoice_id as invoice_id,
    $customer_id as customer_id,
    $currency as currency,
    $amount as amount,
    $payment_amount as payment_amount,
    $applied_change as applied_change,
    $received_change as received_change,
    $method as method,
    $payment_date as payment_date,
    $reference as reference,
    $notes as notes,
    $reason as reason,
    $who as who,
    $happened_at as happened_at,
    $request_id as request_id
