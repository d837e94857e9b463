-- The postings that wait for a run or for a person; with `is_all` those that a person has refused too. One row per posting.

select
    state,
    posting_id,
    invoice_number,
    amount,
    currency,
    payment_date,
    detail

from current_postings

where system = $system
    and place = $place
    and state != 'confirmed'
    and ($is_all or not is_settled)

order by
    case state when 'conflict' then 1 when 'unknown' then 2 when 'sent' then 3 when 'pending' then 4 else 5 end,
    posting_number
