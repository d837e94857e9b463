-- What was paid on each invoice and credit note, what remains, and its status. One row per invoice.
--
-- `paid` is money of ours: from bank lines, by hand and from credit, less what went back; `overpaid` is what of it is beyond what was
-- owed and not yet refunded, kept or spent; `settled_otherwise` was paid before or beside this ledger, allowed or written off.

with

payments_of_invoices as (

    select invoice_id, applied, excess, 0 as refunded from bank_payments
    union all
    select invoice_id, applied, excess, refunded from current_payments

),

sums as (

    select
        invoice_id,
        sum(applied + excess) as paid,
        sum(excess) as overpaid,
        sum(refunded) as refunded

    from payments_of_invoices

    group by invoice_id

),

standings as (

    select
        item_balances.invoice_id,
        item_balances.invoice_number,
        item_balances.customer_id,
        item_balances.kind,
        item_balances.status as listed_status,
        item_balances.issue_date,
        item_balances.due_date,
        item_balances.currency,
        item_balances.total,
        (case item_balances.kind when 'credit_note' then -1 else 1 end * coalesce(sums.paid, 0))::decimal(18, 3) as paid,
        coalesce(sums.overpaid, 0)::decimal(18, 3) as overpaid,
        coalesce(sums.refunded, 0)::decimal(18, 3) as refunded,
        item_balances.open_amount as remaining,
        item_balances.status in ('void', 'draft') as is_not_due

    from item_balances

    left join sums
        on item_balances.invoice_id = sums.invoice_id

)

select
    standings.* exclude (is_not_due),
    case when is_not_due then 0 else total - remaining - (paid - overpaid) end::decimal(18, 3) as settled_otherwise,
    case
        when overpaid > 0 or (is_not_due and paid > 0) then 'overpaid'
        when refunded > 0 and paid = 0 and (remaining > 0 or is_not_due) then 'refunded'
        when is_not_due then 'unpaid'
        when remaining = 0 then 'paid'
        when paid > 0 or remaining < total then 'partially_paid'
        else 'unpaid'
    end as status

from standings

order by invoice_id
