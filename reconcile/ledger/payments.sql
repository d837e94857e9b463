-- Every payment, whether a bank line made it, a person recorded it, or a customer's credit did. One row per payment.

with

united as (

    select
        payment_id,
        'bank' as origin,
        status,
        invoice_id,
        customer_id,
        amount,
        currency,
        method,
        payment_date,
        reference,
        notes,
        '' as reason,
        case status when 'returned' then amount else 0 end::decimal(18, 3) as refunded,
        applied,
        excess,
        0::decimal(18, 3) as kept,
        1 as attempts,
        line_id,
        '' as recorded_by,
        recorded_at,
        updated_at

    from bank_payments

    union all

    select
        payment_id,
        origin,
        status,
        invoice_id,
        customer_id,
        amount,
        currency,
        method,
        payment_date,
        reference,
        notes,
        reason,
        refunded,
        applied,
        excess,
        kept,
        attempts,
        '' as line_id,
        recorded_by,
        recorded_at,
        updated_at

    from current_payments

)

select
    united.*,
    coalesce(invoice_standings.invoice_number, '') as invoice_number,
    coalesce(invoice_standings.status, 'unpaid') as invoice_status,
    coalesce(current_customers.name, '') as customer_name

from united

left join invoice_standings
    on united.invoice_id = invoice_standings.invoice_id

left join current_customers
    on united.customer_id = current_customers.customer_id

order by united.payment_date, united.payment_id
