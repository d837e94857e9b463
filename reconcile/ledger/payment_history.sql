-- What happened to an invoice's payments, in order. One row per event of a payment, or allocation of a bank line.

with

by_hand as (

    select
        payment_id,
        event_id,
        kind,
        amount,
        applied_change,
        currency,
        method,
        payment_date,
        reference,
        notes,
        reason,
        who,
        happened_at,
        event_number,
        run_number

    from payment_events

    where invoice_id = $invoice_id

),

by_bank as (

    select
        case allocations.reverses_id when '' then allocations.allocation_id else allocations.reverses_id end as payment_id,
        allocations.allocation_id as event_id,
        case
            when allocations.reverses_id = '' then 'posted'
            when undone_allocations.reversal_id is null then 'returned'
            else 'deleted'
        end as kind,
        abs(allocations.amount) as amount,
        allocations.amount + allocations.residual as applied_change,
        allocations.currency,
        'bank_transfer' as method,
        statement_lines.booked_date as payment_date,
        statement_lines.payment_reference as reference,
        '' as notes,
        allocations.explanation as reason,
        '' as who,
        runs.started_at as happened_at,
        1 as event_number,
        allocations.run_number

    from allocations

    inner join statement_lines
        on allocations.line_id = statement_lines.line_id

    inner join runs
        on allocations.run_number = runs.run_number

    left join undone_allocations
        on allocations.allocation_id = undone_allocations.reversal_id

    where allocations.invoice_id = $invoice_id
        and allocations.state = 'posted'

)

select * exclude (run_number)

from (

    select * from by_hand
    union all
    select * from by_bank

)

order by run_number, payment_id, event_number
