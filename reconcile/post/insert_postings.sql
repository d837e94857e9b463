-- Write the intents to post, each after those that stand. One row per allocation of cash.

insert into postings

select
    planned_postings.posting_id,
    (select coalesce(max(posting_number), 0) from postings) + planned_postings.place_in_order as posting_number,
    $run_number as run_number,
    planned_postings.allocation_id,
    $system as system,
    $place as place,
    planned_postings.action,
    planned_postings.invoice_id,
    planned_postings.invoice_number,
    planned_postings.amount,
    planned_postings.currency,
    planned_postings.payment_date,
    coalesce(payments.posting_id, payments_planned.posting_id, '') as takes_back_id,
    planned_postings.notes

from planned_postings

left join postings as payments
    on planned_postings.reverses_id = payments.allocation_id
    and payments.system = $system
    and payments.place = $place

left join planned_postings as payments_planned
    on planned_postings.reverses_id = payments_planned.allocation_id
