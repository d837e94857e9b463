-- Take out of the journal what this run's decisions replaced: the entry of the line's earlier decision, with the signs turned.
-- One row per side of an entry.

insert into journal

with

replaced as (

    select earlier.decision_id

    from decisions

    inner join new_decisions
        on decisions.line_id = new_decisions.line_id

    inner join decisions as earlier
        on decisions.line_id = earlier.line_id
        and earlier.run_number < decisions.run_number

    where decisions.run_number = $run_number

    qualify row_number() over (partition by decisions.line_id order by earlier.run_number desc) = 1

)

select
    $run_number as run_number,
    'reversal-' || journal.entry_id as entry_id,
    journal.decision_id,
    journal.line_id,
    journal.booked_date,
    journal.account,
    journal.customer_id,
    journal.invoice_id,
    -journal.amount as amount,
    journal.currency,
    journal.entry_id as reverses_id

from journal

inner join replaced
    on journal.decision_id = replaced.decision_id

where journal.reverses_id = ''
