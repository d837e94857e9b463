-- How the invoices that were issued from $start_date to $end_date stand now, and how long they took to be paid. One row.
--
-- Credit notes, void invoices and drafts are no invoices to be paid. An invoice's day of payment is that of the last payment that
-- settles it and still stands; one that was paid without a payment of ours has no day that the ledger knows.

with

payments_that_settle as (

    select invoice_id, payment_date from bank_payments where applied > 0
    union all
    select invoice_id, payment_date from current_payments where applied > 0

),

last_payments as (

    select invoice_id, max(payment_date) as paid_date

    from payments_that_settle

    group by invoice_id

),

issued as (

    select
        invoice_standings.status,
        case when invoice_standings.status in ('paid', 'overpaid') then last_payments.paid_date - invoice_standings.issue_date end
            as days_to_payment

    from invoice_standings

    left join last_payments
        on invoice_standings.invoice_id = last_payments.invoice_id

    where invoice_standings.kind = 'invoice'
        and invoice_standings.listed_status not in ('void', 'draft')
        and invoice_standings.issue_date between $start_date and $end_date

)

select
    count(*) as total_invoices,
    count(*) filter (where status = 'paid') as paid,
    count(*) filter (where status = 'partially_paid') as partially_paid,
    count(*) filter (where status = 'unpaid') as unpaid,
    count(*) filter (where status = 'overpaid') as overpaid,
    count(*) filter (where status = 'refunded') as refunded,
    count(days_to_payment) as invoices_with_days,
    coalesce(sum(days_to_payment), 0)::bigint as days_to_payment

from issued
