-- How many open items of one customer owe each amount: a text that names none of them does not tell them apart.
-- One row per (customer, currency, amount).

select
    customer_id,
    currency,
    open_amount,
    count(*) as own_items_alike

from match_all_items

where open_amount > 0

group by customer_id, currency, open_amount

order by customer_id, currency, open_amount
