-- Book the decisions that this run wrote. One row per side of an entry; an entry sums to zero.
--
-- The bank takes the line's amount; receivables what is applied and settled besides; the rest goes on the customer's account,
-- or waits unapplied, or is a refund, or no matter of receivables. What a policy settles besides cash is a discount, a bank
-- charge or a write-off.

insert into journal

with

decided as (

    select
        decisions.decision_id,
        decisions.line_id,
        decisions.outcome,
        decisions.customer_id,
        decisions.applied,
        decisions.on_account,
        decisions.unapplied,
        statement_lines.booked_date,
        statement_lines.amount,
        statement_lines.currency

    from decisions

    inner join new_decisions
        on decisions.line_id = new_decisions.line_id

    inner join statement_lines
        on decisions.line_id = statement_lines.line_id

    where decisions.run_number = $run_number

),

allocated as (

    select
        allocations.decision_id,
        allocations.invoice_id,
        allocations.customer_id,
        allocations.amount,
        allocations.residual,
        allocations.residual_kind

    from allocations

    inner join decided
        on allocations.decision_id = decided.decision_id

    where allocations.state = 'posted'
        -- What a person took back is taken out of the journal with the entry of its decision, whole.
        and not exists (

            select 1

            from undone_allocations

            where undone_allocations.reversal_id = allocations.allocation_id

        )

),

sides as (

    select decision_id, 'bank' as account, '' as customer_id, '' as invoice_id, amount as side_amount from decided
    union all
    select decision_id, 'receivables', customer_id, invoice_id, -(amount + residual) from allocated
    union all
    select
        decision_id,
        case residual_kind when 'discount' then 'discounts' when 'bank_charge' then 'bank_charges' else 'write_offs' end,
        customer_id,
        invoice_id,
        residual
    from allocated
    union all
    select decision_id, 'on_account', customer_id, '', -on_account from decided
    union all
    select decision_id, 'unapplied', '', '', -unapplied from decided
    union all
    select
        decision_id,
        case outcome when 'refund' then 'refunds' else 'not_receivable' end,
        customer_id,
        '',
        -amount
    from decided
    where outcome in ('refund', 'ignored')

)

select
    $run_number as run_number,
    sides.decision_id as entry_id,
    sides.decision_id,
    decided.line_id,
    decided.booked_date,
    sides.account,
    sides.customer_id,
    sides.invoice_id,
    sides.side_amount as amount,
    decided.currency,
    '' as reverses_id

from sides

inner join decided
    on sides.decision_id = decided.decision_id

where sides.side_amount != 0
