-- What a first person decided and a second one has not confirmed yet, of lines that still wait. One row per review and invoice of it.

select
    standing_reviews.review_id,
    standing_reviews.line_id,
    standing_reviews.action,
    standing_reviews.customer_id,
    standing_reviews.reason,
    standing_reviews.who,
    standing_reviews.decided_at,
    coalesce(review_items.invoice_id, '') as invoice_id,
    coalesce(current_invoices.invoice_number, '') as invoice_number,
    review_items.amount,
    statement_lines.currency

from standing_reviews

inner join current_decisions
    on standing_reviews.line_id = current_decisions.line_id
    and current_decisions.outcome in ('review', 'unmatched')

inner join statement_lines
    on standing_reviews.line_id = statement_lines.line_id

left join review_items
    on standing_reviews.review_id = review_items.review_id

left join current_invoices
    on review_items.invoice_id = current_invoices.invoice_id

where standing_reviews.is_waiting
    and not exists (

        select 1

        from reviews as confirming

        where confirming.confirms_id = standing_reviews.review_id

    )

order by decided_at, review_id, invoice_id
