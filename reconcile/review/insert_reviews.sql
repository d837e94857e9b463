-- Write down what people did, with the decision that came of it in this run. One row per review.

insert into reviews

select
    new_reviews.review_id,
    $run_number as run_number,
    new_reviews.line_id,
    new_reviews.action,
    new_reviews.customer_id,
    new_reviews.reason,
    new_reviews.who,
    new_reviews.decided_at,
    new_reviews.is_waiting,
    new_reviews.confirms_id,
    new_reviews.undoes_id,
    coalesce(decisions.decision_id, '') as decision_id

from new_reviews

left join decisions
    on new_reviews.line_id = decisions.line_id
    and decisions.run_number = $run_number
