-- The invoices that are due for a reminder on $as_of and were not reminded at this step or a later one. One row per invoice.
--
-- A step is a number of days after the due date, before it where negative. Of the steps that are reached only the last counts: an
-- invoice that nobody reminded in time gets one reminder, not all. Where the due date moves, the steps begin anew. `proposed` is what
-- receipts in review may turn out to have paid.

with

steps as (

    select unnest($steps::integer[]) as step_days

),

reached as (

    select
        invoice_standings.*,
        steps.step_days,
        $as_of::date - invoice_standings.due_date as days_overdue

    from invoice_standings

    inner join steps
        on steps.step_days <= $as_of::date - invoice_standings.due_date

    where invoice_standings.kind = 'invoice'
        and invoice_standings.listed_status not in ('void', 'draft')
        and invoice_standings.remaining > 0

    qualify row_number() over (partition by invoice_standings.invoice_id order by steps.step_days desc) = 1

),

proposals as (

    select allocations.invoice_id, sum(allocations.amount) as amount

    from allocations

    inner join current_decisions
        on allocations.decision_id = current_decisions.decision_id

    where allocations.state = 'proposed'
        and current_decisions.outcome = 'review'

    group by allocations.invoice_id

)

select
    reached.invoice_id || '/' || reached.due_date || '/' || reached.step_days as reminder_id,
    reached.invoice_id,
    reached.invoice_number,
    reached.customer_id,
    coalesce(current_customers.name, '') as customer_name,
    coalesce(current_customers.email, '') as email,
    coalesce(current_customers.phone, '') as phone,
    reached.issue_date,
    reached.due_date,
    reached.step_days,
    reached.days_overdue,
    reached.currency,
    reached.total,
    reached.remaining,
    coalesce(proposals.amount, 0)::decimal(18, 3) as proposed

from reached

left join current_customers
    on reached.customer_id = current_customers.customer_id

left join proposals
    on reached.invoice_id = proposals.invoice_id

where not exists (

    select 1

    from reminders

    where reminders.invoice_id = reached.invoice_id
        and reminders.due_date = reached.due_date
        and reminders.step_days >= reached.step_days

)

order by reached.due_date, reached.invoice_id
