-- Write that invoices which the ledger knows are not in this run's export. One row per invoice.

insert into invoices

select
    $run_number as run_number,
    current_invoices.* exclude (run_number, is_listed),
    false as is_listed

from current_invoices

where current_invoices.is_listed
    and not exists (

        select 1

        from told_invoices

        where told_invoices.invoice_id = current_invoices.invoice_id

    )
