-- Write the lines of a file that the ledger does not know. One row per line.

insert into statement_lines

select
    left(
        sha256(
            concat_ws(
                chr(31), account_id, booked_date::varchar, amount::varchar, currency, bank_reference, text_key, occurrence::varchar
            )
        ),
        24
    ) as line_id,
    $run_number as run_number,
    $file_id as file_id,
    $source_file as source_file,
    source_row,
    layout,
    account_id,
    booked_date,
    value_date,
    amount,
    currency,
    bank_reference,
    transaction_type,
    counterparty_name,
    counterparty_account,
    remittance_text,
    payment_reference,
    text_key,
    ascii_key

from recognised

where line_id is null
