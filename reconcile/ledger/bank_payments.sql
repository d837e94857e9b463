-- The payments that bank lines made: posted allocations, and what the bank took back of them or a person undid. One row per
-- allocation.
--
-- What a line brought beyond what was owed and is still on account belongs to the largest of its allocations.

with

reversals as (

    select reverses_id, sum(amount) as amount, max(run_number) as run_number

    from allocations

    where reverses_id != ''
        and state = 'posted'

    group by reverses_id

),

line_credits as (

    select source_id as line_id, amount

    from credit_sources

    where source_kind = 'line'

),

ranked as (

    select
        allocations.*,
        undone_allocations.allocation_id is not null as is_undone,
        row_number() over (partition by line_id order by is_undone, amount desc, invoice_id) as place

    from allocations

    left join undone_allocations
        on allocations.allocation_id = undone_allocations.allocation_id

    where state = 'posted'
        and reverses_id = ''

)

select
    ranked.allocation_id as payment_id,
    ranked.line_id,
    ranked.invoice_id,
    ranked.customer_id,
    ranked.currency,
    ranked.amount,
    'bank_transfer' as method,
    statement_lines.booked_date as payment_date,
    case when statement_lines.payment_reference = '' then statement_lines.bank_reference else statement_lines.payment_reference end
        as reference,
    ranked.explanation as notes,
    case when ranked.is_undone then 'deleted' when reversals.reverses_id is null then 'completed' else 'returned' end as status,
    (ranked.amount + coalesce(reversals.amount, 0))::decimal(18, 3) as applied,
    case when ranked.place = 1 and reversals.reverses_id is null then coalesce(line_credits.amount, 0) else 0 end::decimal(18, 3)
        as excess,
    runs.started_at as recorded_at,
    coalesce(reversed_in.started_at, runs.started_at) as updated_at

from ranked

inner join statement_lines
    on ranked.line_id = statement_lines.line_id

inner join runs
    on ranked.run_number = runs.run_number

left join reversals
    on ranked.allocation_id = reversals.reverses_id

left join runs as reversed_in
    on reversals.run_number = reversed_in.run_number

left join line_credits
    on ranked.line_id = line_credits.line_id

order by ranked.allocation_id
