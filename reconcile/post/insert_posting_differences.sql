-- Keep where ledger and the other system differ after a run has posted. One row per difference.

insert into posting_differences

select
    $run_number as run_number,
    row_number() over (order by invoice_number, invoice_id, kind, sentence) as difference_number,
    kind,
    invoice_id,
    invoice_number,
    ledger_amount,
    remote_amount,
    currency,
    sentence

from new_differences
