-- Payments that a person recorded and that a bank line seems to bring as well. One row per payment.

select
    'payment' as kind,
    '' as source_file,
    '' as account_id,
    payments_seen_at_bank.amount,
    payments_seen_at_bank.currency,
    format(
        'Payment {} of {} {} ({}, {}) was recorded by hand, and the bank booked the same amount of this customer on {}. If it is the '
        || 'same money, delete that payment and apply the credit to the invoice; until then the credit is applied only by name (line {}).',
        payments_seen_at_bank.payment_id,
        regexp_replace(payments_seen_at_bank.amount::varchar, '0$', ''),
        payments_seen_at_bank.currency,
        payments_seen_at_bank.method,
        payments_seen_at_bank.payment_date,
        payments_seen_at_bank.booked_date,
        payments_seen_at_bank.line_id
    ) as sentence

from payments_seen_at_bank

order by payments_seen_at_bank.payment_id
