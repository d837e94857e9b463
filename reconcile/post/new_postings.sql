-- The posted allocations, of the runs asked for, that have no posting in this system yet. One row per allocation of cash.
--
-- Each says how many posted allocations of its line and invoice came before: with what else it is, that makes its key, and no
-- run's number does. An invoice's are sent in the order of their payments, a take-back right after what it takes back.

with

numbered as (

    select
        allocations.*,
        row_number() over (
            partition by allocations.line_id, allocations.invoice_id
            order by allocations.run_number, allocations.amount, allocations.allocation_id
        ) - 1 as allocations_before

    from allocations

    where allocations.state = 'posted'

)

select
    numbered.allocation_id,
    numbered.line_id,
    case
        when numbered.reverses_id = '' and numbered.amount > 0 then 'payment'
        when numbered.reverses_id != '' and numbered.amount < 0 then 'take_back'
        else 'credit_note'
    end as action,
    numbered.invoice_id,
    numbered.invoice_number,
    numbered.amount,
    numbered.currency,
    statement_lines.booked_date as payment_date,
    numbered.allocations_before,
    numbered.reverses_id,
    case
        when numbered.reverses_id != '' then numbered.explanation
        else concat_ws(
            ' ',
            'Bank receipt of', statement_lines.booked_date::varchar || ',', statement_lines.amount::varchar, statement_lines.currency,
            nullif(statement_lines.counterparty_name, ''), nullif(statement_lines.remittance_text, '')
        )
    end as notes

from numbered

inner join statement_lines
    on numbered.line_id = statement_lines.line_id

left join numbered as reversed
    on numbered.reverses_id = reversed.allocation_id
    and reversed.run_number >= $first_run_number

left join statement_lines as reversed_lines
    on reversed.line_id = reversed_lines.line_id

where numbered.run_number >= $first_run_number
    and numbered.amount != 0
    and not exists (

        select 1

        from postings

        where postings.allocation_id = numbered.allocation_id
            and postings.system = $system
            and postings.place = $place

    )

order by
    case when numbered.reverses_id = '' then statement_lines.booked_date else reversed_lines.booked_date end nulls first,
    case when numbered.reverses_id = '' then numbered.line_id else reversed.line_id end nulls first,
    numbered.reverses_id != '',
    numbered.invoice_id,
    numbered.allocation_id
