-- Write the remittance advices that the ledger does not know yet, each once. One row per invoice listed.

insert into remittances

select
    $run_number as run_number,
    told_remittances.remittance_id,
    told_remittances.customer_id,
    told_remittances.payment_reference,
    told_remittances.payment_date,
    told_remittances.payment_amount,
    told_remittances.invoice_number,
    told_remittances.amount

from told_remittances

where not exists (

    select 1

    from remittances

    where remittances.remittance_id = told_remittances.remittance_id

)
