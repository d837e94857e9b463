-- No source of credit gives more than it had, and credit pays only invoices of its own customer and currency. Returns the sources that
-- break it.

with

sources as (

    select
        'line' as source_kind,
        statement_lines.line_id as source_id,
        current_decisions.customer_id,
        statement_lines.currency

    from statement_lines

    inner join current_decisions
        on statement_lines.line_id = current_decisions.line_id

    union all

    select kinds.source_kind, current_payments.payment_id, current_payments.customer_id, current_payments.currency

    from current_payments

    cross join (values ('excess'), ('kept')) as kinds (source_kind)

),

moved as (

    select
        payment_credits.source_kind,
        payment_credits.source_id,
        payment_events.customer_id,
        payment_events.currency,
        sum(payment_credits.amount) as amount

    from payment_credits

    inner join payment_events
        on payment_credits.event_id = payment_events.event_id

    group by all

    having sum(payment_credits.amount) != 0

),

strangers as (

    select moved.source_kind, moved.source_id, moved.amount

    from moved

    where not exists (

        select 1

        from sources

        where sources.source_kind = moved.source_kind
            and sources.source_id = moved.source_id
            and sources.customer_id = moved.customer_id
            and sources.currency = moved.currency

    )

)

select source_kind, source_id, amount

from credit_sources

where amount < 0

union all

select source_kind, source_id, amount

from strangers

order by source_kind, source_id
