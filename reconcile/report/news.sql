-- What this run added to the ledger. One row.

select
    (select count(*) from statement_lines where run_number = $run_number) as lines,
    (select count(*) from decisions where run_number = $run_number) as decisions,
    (select count(*) from allocations where run_number = $run_number and state = 'posted') as posted_allocations,
    (select count(*) from allocations where run_number = $run_number and state = 'proposed') as proposed_allocations
