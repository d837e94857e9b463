-- Write that invoices which the ledger knows are not in this run's export. One row per invoice.

insert into invoices

with

newest as (

    select *

    from invoices

    qualify row_number() over (partition by invoice_id order by run_number desc) = 1

)

select
    $run_number as run_number,
    newest.* exclude (run_number, is_listed),
    false as is_listed

from newest

where newest.is_listed
    and not exists (

        select 1

        from told_invoices

        where told_invoices.invoice_id = newest.invoice_id

    )
