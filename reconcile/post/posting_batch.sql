-- The named postings with all that is needed to send them or to find them again. One row per posting.
--
-- `known_ids` are payments of the same invoice that other postings have made; `undone_ids` those of
-- them that were taken back since, and what took them back.

with

batch as (

    select current_postings.*

    from current_postings

    inner join named_postings
        on current_postings.posting_id = named_postings.posting_id

),

invoices_of_batch as (

    select distinct system, place, invoice_id from batch

),

made as (

    select
        current_postings.invoice_id,
        list(current_postings.remote_id) filter (where current_postings.action = 'payment') as known_ids,
        list_concat(
            coalesce(list(current_postings.remote_id) filter (where current_postings.action = 'take_back'), []),
            coalesce(list(payments.remote_id) filter (where current_postings.action = 'take_back'), [])
        ) as undone_ids

    from current_postings

    inner join invoices_of_batch
        on current_postings.system = invoices_of_batch.system
        and current_postings.place = invoices_of_batch.place
        and current_postings.invoice_id = invoices_of_batch.invoice_id

    left join current_postings as payments
        on current_postings.takes_back_id = payments.posting_id

    where current_postings.state = 'confirmed'

    group by current_postings.invoice_id

)

select
    batch.posting_id,
    batch.posting_number,
    batch.action,
    batch.invoice_id,
    batch.invoice_number,
    batch.amount,
    batch.currency,
    batch.payment_date,
    batch.takes_back_id,
    batch.notes,
    batch.event_number,
    batch.state,
    batch.attempt,
    batch.remote_id,
    batch.held_before,
    batch.was_sent,
    coalesce(current_invoices.total, 0)::decimal(18, 3) as invoice_total,
    coalesce(made.known_ids, []) as known_ids,
    coalesce(made.undone_ids, []) as undone_ids,
    coalesce(payments.state, '') as payment_state,
    coalesce(payments.remote_id, '') as payment_remote_id,
    coalesce(payments.was_sent, false) as payment_was_sent

from batch

left join made
    on batch.invoice_id = made.invoice_id

left join current_invoices
    on batch.invoice_id = current_invoices.invoice_id

left join current_postings as payments
    on batch.takes_back_id = payments.posting_id

order by batch.posting_number
