-- What people did about the lines that are asked for. One row per review and invoice that it speaks of; at least one per review.
--
-- `is_standing`: nobody took it back. `waits`: for a second person.

select
    reviews.review_id,
    reviews.run_number,
    reviews.line_id,
    reviews.action,
    reviews.customer_id,
    reviews.reason,
    reviews.who,
    reviews.decided_at,
    reviews.is_waiting,
    reviews.undoes_id,
    reviews.decision_id,
    standing_reviews.review_id is not null as is_standing,
    waiting_reviews.review_id is not null as waits,
    review_items.invoice_id,
    review_items.amount,
    review_items.residual

from asked

inner join reviews
    on asked.line_id = reviews.line_id

left join standing_reviews
    on reviews.review_id = standing_reviews.review_id

left join waiting_reviews
    on reviews.review_id = waiting_reviews.review_id

left join review_items
    on reviews.review_id = review_items.review_id

order by line_id, run_number, review_id, invoice_id
