-- Write the statements of a file that has not come before. One row per statement.

insert into statements

select
    $run_number as run_number,
    $file_id as file_id,
    $source_file as source_file,
    statement_number,
    account_id,
    currency,
    start_date,
    end_date,
    opening_balance,
    closing_balance,
    closing_date

from new_statements

on conflict do nothing
