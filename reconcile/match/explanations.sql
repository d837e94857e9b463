-- The candidate explanations, each with what its items owe together and the least sure naming of them. One row per explanation.

with

grouped as (

    select
        line_id,
        explanation_id,
        any_value(customer_id order by customer_id) as customer_id,
        count(distinct customer_id) as customers,
        count(*) as item_count,
        sum(item_amount) as due_amount,
        sum(case when item_amount > 0 then discount_amount end) as discount_amount,
        min(discount_date) as discount_date,
        min(reference_strength) as reference_strength,
        max(reference_strength) as reference_strength_max,
        min(number_key) as number_key,
        max(number_key) as last_number_key,
        bool_or(is_advised) as is_advised,
        bool_or(is_run) as is_run,
        min(set_rarity) as set_rarity,
        min(issue_date) as issue_date,
        max(due_date) as due_date,
        bool_or(is_named) as is_named,
        bool_and(is_paid_in_parts) as is_paid_in_parts,
        string_agg(invoice_number, ', ' order by invoice_number) as invoice_numbers

    from match_candidate_items

    group by line_id, explanation_id

)

select *

from grouped

-- Equal items of one customer that nothing in the text tells apart: the oldest that no line names stands for all.
qualify item_count > 1
    or reference_strength > 0
    or row_number() over (
        partition by line_id, customer_id, item_count, due_amount, reference_strength
        order by is_named, due_date, number_key, explanation_id
    ) = 1

order by explanation_id
