-- Give back to each source what payments from credit that this run deleted had taken from it. One row per event and source.

insert into payment_credits

select
    deleted.event_id,
    payment_credits.source_kind,
    payment_credits.source_id,
    -sum(payment_credits.amount) as amount

from payment_events as deleted

inner join payment_events as earlier
    on deleted.payment_id = earlier.payment_id
    and deleted.event_number > earlier.event_number

inner join payment_credits
    on earlier.event_id = payment_credits.event_id

where deleted.run_number = $run_number
    and deleted.kind = 'deleted'
    and not exists (

        select 1

        from payment_credits as given

        where given.event_id = deleted.event_id

    )

group by deleted.event_id, payment_credits.source_kind, payment_credits.source_id

having sum(payment_credits.amount) != 0
