-- A posting is the cash of one posted allocation, and a take-back mirrors the payment that it takes back. Returns the postings that
-- break it.

select postings.posting_id, postings.amount, allocations.amount as allocated, payments.amount as taken_back

from postings

left join allocations
    on postings.allocation_id = allocations.allocation_id

left join postings as payments
    on postings.takes_back_id = payments.posting_id

where allocations.allocation_id is null
    or allocations.state != 'posted'
    or allocations.amount != postings.amount
    or allocations.invoice_id != postings.invoice_id
    or (postings.takes_back_id != '' and coalesce(payments.amount, 0) != -postings.amount)

order by postings.posting_id
