-- What is still owed on every invoice and credit note the ledger has ever seen, our own payments (those from bank lines and those
-- recorded by hand) counted exactly once.
-- One row per invoice.
--
-- An export may or may not contain the payments that we recorded since. Baseline: the amount due as exported when we first
-- posted. Where the newest export says the baseline, or the baseline less what we had applied by the end of some run, it tells
-- nothing that we do not know: owed is baseline less applied. Where it says anything else, somebody else changed the invoice:
-- owed is the smaller of the two, and the two sums stand in the row for the report to say so.

with

versions as (

    select
        invoices.*,
        case when not is_listed or status in ('paid', 'void') then 0 else amount_due end as exported_due

    from invoices

),

newest as (

    select versions.*

    from versions

    qualify row_number() over (partition by invoice_id order by run_number desc) = 1

),

posted as (

    select
        settlements.invoice_id,
        settlements.run_number,
        sum(case when newest.kind = 'credit_note' then -1 else 1 end * settlements.amount) as applied_in_run

    from settlements

    inner join newest
        on settlements.invoice_id = newest.invoice_id

    group by settlements.invoice_id, settlements.run_number

),

posted_totals as (

    select
        invoice_id,
        min(run_number) as first_posted_run,
        sum(applied_in_run) as applied

    from posted

    group by invoice_id

),

applied_by_run as (

    select
        invoice_id,
        run_number,
        sum(applied_in_run) over (partition by invoice_id order by run_number) as applied_then

    from posted

),

baselines as (

    select
        versions.invoice_id,
        versions.exported_due as baseline_due

    from versions

    inner join posted_totals
        on versions.invoice_id = posted_totals.invoice_id
        and versions.run_number <= posted_totals.first_posted_run

    qualify row_number() over (partition by versions.invoice_id order by versions.run_number desc) = 1

),

applied_since_export as (

    select
        posted.invoice_id,
        sum(posted.applied_in_run) as applied_since

    from posted

    inner join newest
        on posted.invoice_id = newest.invoice_id
        and posted.run_number >= newest.run_number

    group by posted.invoice_id

),

told_nothing_new as (

    select distinct newest.invoice_id

    from newest

    inner join baselines
        on newest.invoice_id = baselines.invoice_id

    left join applied_by_run
        on newest.invoice_id = applied_by_run.invoice_id
        and applied_by_run.run_number < newest.run_number

    where newest.exported_due in (baselines.baseline_due, baselines.baseline_due - applied_by_run.applied_then)

)

select
    newest.invoice_id,
    newest.invoice_number,
    newest.customer_id,
    newest.kind,
    newest.status,
    newest.issue_date,
    newest.due_date,
    newest.currency,
    newest.total,
    newest.creditor_reference,
    newest.purchase_order,
    newest.discount_date,
    newest.discount_percent,
    newest.exported_due,
    coalesce(baselines.baseline_due, newest.exported_due) as owed_before,
    coalesce(posted_totals.applied, 0)::decimal(18, 3) as applied,
    baselines.baseline_due is not null and told_nothing_new.invoice_id is null as is_disputed_by_export,
    case
        when newest.status in ('void', 'draft') then 0
        when baselines.baseline_due is null then newest.exported_due
        when told_nothing_new.invoice_id is not null then baselines.baseline_due - posted_totals.applied
        else greatest(0, least(
            newest.exported_due - coalesce(applied_since_export.applied_since, 0), baselines.baseline_due - posted_totals.applied
        ))
    end::decimal(18, 3) as open_amount

from newest

left join posted_totals
    on newest.invoice_id = posted_totals.invoice_id

left join baselines
    on newest.invoice_id = baselines.invoice_id

left join applied_since_export
    on newest.invoice_id = applied_since_export.invoice_id

left join told_nothing_new
    on newest.invoice_id = told_nothing_new.invoice_id

order by newest.invoice_id
