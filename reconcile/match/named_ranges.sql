-- The first and the last number that a line names of a set that it names in part, and what these owe. One row per explanation.

select
    explanation_id,
    min(number_key) as first_number,
    max(number_key) as last_number,
    sum(item_amount) as named_amount

from match_candidate_items

where reference_strength > 4

group by explanation_id

order by explanation_id
