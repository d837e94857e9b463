-- The invoices whose payments there are compared with the ledger's, and what the ledger says of each. One row per invoice.
--
-- `ledger_amount` is the cash that the ledger has applied, `by_hand` what people recorded here that is posted nowhere and was not
-- given back, `paid_before` what was paid before either. With `since`, only invoices of which a posting has changed since;
-- without, those that are open, that we have posted to, or that people recorded payments of.

create or replace temp table compared_invoices as

with

applied as (

    select invoice_id, sum(amount) as ledger_amount

    from allocations

    where state = 'posted'

    group by invoice_id

),

recorded as (

    select invoice_id, sum(applied + excess + kept) as by_hand

    from current_payments

    group by invoice_id

),

made as (

    select
        current_postings.invoice_id,
        max(current_postings.happened_at) as changed_at,
        list(current_postings.posting_id) as posting_ids,
        list(current_postings.remote_id) filter (where current_postings.remote_id != '') as remote_ids,
        list_concat(
            coalesce(list(current_postings.remote_id) filter (
                where current_postings.action = 'take_back' and current_postings.state = 'confirmed'
            ), []),
            coalesce(list(payments.remote_id) filter (
                where current_postings.action = 'take_back' and current_postings.state = 'confirmed'
            ), [])
        ) as undone_ids

    from current_postings

    left join current_postings as payments
        on current_postings.takes_back_id = payments.posting_id

    where current_postings.system = $system
        and current_postings.place = $place

    group by current_postings.invoice_id

)

select
    item_balances.invoice_id,
    item_balances.invoice_number,
    item_balances.currency,
    coalesce(applied.ledger_amount, 0)::decimal(18, 3) as ledger_amount,
    coalesce(recorded.by_hand, 0)::decimal(18, 3) as by_hand,
    (item_balances.total - item_balances.owed_before)::decimal(18, 3) as paid_before,
    coalesce(made.posting_ids, []) as posting_ids,
    coalesce(made.remote_ids, []) as remote_ids,
    coalesce(made.undone_ids, []) as undone_ids

from item_balances

left join applied
    on item_balances.invoice_id = applied.invoice_id

left join recorded
    on item_balances.invoice_id = recorded.invoice_id

left join made
    on item_balances.invoice_id = made.invoice_id

where item_balances.kind = 'invoice'
    and item_balances.status != 'draft'
    and (
        made.changed_at >= $since
        or (
            $since is null
            and (
                made.changed_at is not null
                or recorded.invoice_id is not null
                or item_balances.open_amount > 0
            )
        )
    )
