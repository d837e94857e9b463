-- How many open items owe each amount, among all open items of the currency: a common amount says little.
-- One row per (currency, amount).

select
    currency,
    open_amount,
    count(*) as items_alike

from match_all_items

where open_amount > 0

group by currency, open_amount

order by currency, open_amount
