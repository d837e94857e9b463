-- No invoice gets more than it owed when we first posted to it. Returns the invoices that break it.

with

posted as (

    select
        invoice_id,
        min(run_number) as first_posted_run,
        abs(sum(amount)) as applied

    from settlements

    group by invoice_id

),

owed as (

    select
        invoices.invoice_id,
        invoices.amount_due,
        posted.applied

    from invoices

    inner join posted
        on invoices.invoice_id = posted.invoice_id
        and invoices.run_number <= posted.first_posted_run

    qualify row_number() over (partition by invoices.invoice_id order by invoices.run_number desc) = 1

)

select invoice_id, amount_due, applied

from owed

where applied > amount_due

order by invoice_id
