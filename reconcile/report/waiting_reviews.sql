-- What a first person decided and a second one has not confirmed yet, of lines that still wait. One row per review and invoice of it.

select
    waiting_reviews.review_id,
    waiting_reviews.line_id,
    waiting_reviews.action,
    waiting_reviews.customer_id,
    waiting_reviews.reason,
    waiting_reviews.who,
    waiting_reviews.decided_at,
    coalesce(review_items.invoice_id, '') as invoice_id,
    coalesce(current_invoices.invoice_number, '') as invoice_number,
    review_items.amount,
    statement_lines.currency

from waiting_reviews

inner join current_decisions
    on waiting_reviews.line_id = current_decisions.line_id
    and current_decisions.outcome in ('review', 'unmatched')

inner join statement_lines
    on waiting_reviews.line_id = statement_lines.line_id

left join review_items
    on waiting_reviews.review_id = review_items.review_id

left join current_invoices
    on review_items.invoice_id = current_invoices.invoice_id

order by decided_at, review_id, invoice_id
