-- Where ledger and the other system differed after this run had posted. One row per difference.

select
    kind,
    invoice_id,
    invoice_number,
    ledger_amount,
    remote_amount,
    currency,
    sentence

from posting_differences

where run_number = $run_number

order by difference_number
