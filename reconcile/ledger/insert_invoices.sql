-- Write the invoices that are new or changed in this run's export. One row per invoice.

insert into invoices

with

told as (

    select
        invoice_id,
        invoice_number,
        customer_id,
        kind,
        status,
        issue_date,
        due_date,
        currency,
        total,
        amount_due,
        creditor_reference,
        purchase_order,
        discount_date,
        discount_percent,
        true as is_listed

    from told_invoices

)

select
    $run_number as run_number,
    told.*

from told

anti join (select * exclude (run_number) from current_invoices) as known
    on told.invoice_id = known.invoice_id
    and told.invoice_number = known.invoice_number
    and told.customer_id = known.customer_id
    and told.kind = known.kind
    and told.status = known.status
    and told.issue_date = known.issue_date
    and told.due_date = known.due_date
    and told.currency = known.currency
    and told.total = known.total
    and told.amount_due = known.amount_due
    and told.creditor_reference = known.creditor_reference
    and told.purchase_order = known.purchase_order
    and told.discount_date is not distinct from known.discount_date
    and told.discount_percent is not distinct from known.discount_percent
    and known.is_listed
