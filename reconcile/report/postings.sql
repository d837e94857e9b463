-- The postings to the other system that are not confirmed and that no person has settled. One row per posting.

select
    current_postings.state,
    current_postings.posting_id,
    current_postings.invoice_id,
    current_postings.invoice_number,
    coalesce(current_invoices.customer_id, '') as customer_id,
    current_postings.amount,
    current_postings.currency,
    current_postings.payment_date,
    current_postings.happened_at as changed_at,
    current_postings.detail

from current_postings

left join current_invoices
    on current_postings.invoice_id = current_invoices.invoice_id

where current_postings.system = $system
    and current_postings.place = $place
    and current_postings.state != 'confirmed'
    and not current_postings.is_settled

order by
    case current_postings.state when 'conflict' then 1 when 'unknown' then 2 when 'sent' then 3 when 'pending' then 4 else 5 end,
    current_postings.posting_number
