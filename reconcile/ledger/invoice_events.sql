-- What invoicing systems tell by webhook, derived from the ledger: a payment was received, an invoice is paid, a payment failed; as
-- far as the ledger learned of it at $since (UTC) or later. One row per event, in order.
--
-- What remained after an event is what was owed when we first posted, less what events up to it settled. Where the export disputes
-- that (somebody else changed the invoice), it is counted back from what is owed now.

with

by_hand as (

    select
        payment_events.run_number,
        payment_events.payment_date,
        payment_events.event_number,
        payment_events.event_id as source_id,
        payment_events.payment_id,
        payment_events.invoice_id,
        payment_events.kind,
        payment_events.amount,
        payment_events.applied_change,
        payment_events.applied_change as paid_change,
        coalesce(payment_credits.amount, 0) as excess_change,
        payment_events.reason,
        payment_events.happened_at

    from payment_events

    left join payment_credits
        on payment_events.event_id = payment_credits.event_id
        and payment_events.payment_id = payment_credits.source_id
        and payment_credits.source_kind = 'excess'

),

by_bank as (

    select
        allocations.run_number,
        statement_lines.booked_date as payment_date,
        case allocations.reverses_id when '' then 1 else 2 end as event_number,
        allocations.allocation_id as source_id,
        case allocations.reverses_id when '' then allocations.allocation_id else allocations.reverses_id end as payment_id,
        allocations.invoice_id,
        case
            when allocations.reverses_id = '' then 'posted'
            when undone_allocations.reversal_id is null then 'returned'
            else 'deleted'
        end as kind,
        abs(allocations.amount) as amount,
        allocations.amount + allocations.residual as applied_change,
        allocations.amount as paid_change,
        case row_number() over (partition by allocations.decision_id order by abs(allocations.amount) desc, allocations.invoice_id)
            when 1 then decisions.on_account else 0
        end as excess_change,
        '' as reason,
        runs.started_at as happened_at

    from allocations

    inner join decisions
        on allocations.decision_id = decisions.decision_id

    inner join statement_lines
        on allocations.line_id = statement_lines.line_id

    inner join runs
        on allocations.run_number = runs.run_number

    left join undone_allocations
        on allocations.allocation_id = undone_allocations.reversal_id

    where allocations.state = 'posted'

),

moves as (

    select * from by_hand
    union all
    select * from by_bank

),

added_up as (

    select
        moves.*,
        item_balances.currency,
        item_balances.total,
        item_balances.total - item_balances.owed_before + sum(moves.paid_change) over up_to_it + greatest(0, moves.excess_change)
            as paid_then,
        case
            when item_balances.is_disputed_by_export then item_balances.open_amount + sum(moves.applied_change) over of_invoice
            else item_balances.owed_before
        end - sum(moves.applied_change) over up_to_it as owed_then

    from moves

    inner join item_balances
        on moves.invoice_id = item_balances.invoice_id
        and item_balances.kind = 'invoice'

    window
        of_invoice as (partition by moves.invoice_id),
        up_to_it as (
            partition by moves.invoice_id
            order by moves.run_number, moves.payment_date, moves.event_number, moves.source_id
            rows between unbounded preceding and current row
        )

),

told as (

    select 'invoice.payment_received' as event_type, 1 as place, added_up.*

    from added_up

    where kind in ('posted', 'recorded', 'retried', 'credit_applied')

    union all

    select 'invoice.paid', 2, added_up.*

    from added_up

    where applied_change > 0
        and owed_then <= 0
        and owed_then + applied_change > 0

    union all

    select 'invoice.payment_failed', 1, added_up.*

    from added_up

    where kind = 'failed'

)

select
    event_type,
    source_id,
    invoice_id,
    payment_id,
    currency,
    amount,
    total,
    paid_then::decimal(18, 3) as paid,
    greatest(0, owed_then)::decimal(18, 3) as remaining,
    case
        when owed_then > 0 then 'partially_paid'
        when excess_change > 0 then 'overpaid'
        else 'paid'
    end as status,
    reason,
    payment_date,
    happened_at

from told

where happened_at >= $since

order by run_number, payment_date, event_number, source_id, place
