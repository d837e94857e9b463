-- The payments that are asked for, the earliest first. One row per payment.

select *

from payments

where ($payment_id = '' or payment_id = $payment_id)
    and ($invoice_id = '' or invoice_id = $invoice_id)
    and ($customer_id = '' or customer_id = $customer_id)
    and ($method = '' or method = $method)
    and ($status = '' or status = $status)
    and ($invoice_status = '' or invoice_status = $invoice_status)
    and ($start_date is null or payment_date >= $start_date)
    and ($end_date is null or payment_date <= $end_date)

order by payment_date, recorded_at, payment_id

limit $limit
offset $offset
