-- Each payment that a person recorded, as it is after its last event, and where its money is. One row per payment.
--
-- Of what was received, a part settles the invoice (`applied`), a part is beyond what was owed (`excess`), a part is kept as the
-- customer's credit (`kept`), a part was spent on other invoices, and the rest was refunded.

with

last_events as (

    select *

    from payment_events

    qualify row_number() over (partition by payment_id order by event_number desc) = 1

),

sums as (

    select
        payment_id,
        sum(applied_change) as applied,
        sum(case kind when 'refunded' then amount else 0 end) as refunded,
        count(*) filter (where kind in ('recorded', 'credit_applied', 'failed', 'retried')) as attempts,
        min(happened_at) as recorded_at,
        max(happened_at) as updated_at,
        arg_min(who, event_number) as recorded_by,
        bool_or(kind = 'credit_applied') as is_from_credit,
        coalesce(arg_max(kind, event_number) filter (where kind in ('failed', 'retried')) = 'failed', false) as is_failed

    from payment_events

    group by payment_id

),

credits as (

    select
        source_id as payment_id,
        coalesce(sum(amount) filter (where source_kind = 'excess'), 0) as excess,
        coalesce(sum(amount) filter (where source_kind = 'kept'), 0) as kept

    from payment_credits

    where source_kind in ('excess', 'kept')

    group by source_id

)

select
    last_events.payment_id,
    last_events.event_number,
    last_events.invoice_id,
    last_events.customer_id,
    last_events.currency,
    last_events.payment_amount as amount,
    last_events.method,
    last_events.payment_date,
    last_events.reference,
    last_events.notes,
    last_events.reason,
    case when sums.is_from_credit then 'credit' else 'hand' end as origin,
    case
        when last_events.kind = 'deleted' then 'deleted'
        when sums.is_failed then 'failed'
        when sums.refunded = last_events.payment_amount then 'refunded'
        when sums.refunded > 0 then 'partially_refunded'
        else 'completed'
    end as status,
    sums.refunded::decimal(18, 3) as refunded,
    sums.applied::decimal(18, 3) as applied,
    coalesce(credits.excess, 0)::decimal(18, 3) as excess,
    coalesce(credits.kept, 0)::decimal(18, 3) as kept,
    sums.attempts,
    sums.recorded_by,
    sums.recorded_at,
    sums.updated_at

from last_events

inner join sums
    on last_events.payment_id = sums.payment_id

left join credits
    on last_events.payment_id = credits.payment_id

order by last_events.payment_id
