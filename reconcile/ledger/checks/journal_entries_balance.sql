-- Every journal entry sums to zero in its currency. Returns the entries that break it.

select entry_id, currency, sum(amount) as imbalance

from journal

group by entry_id, currency

having sum(amount) != 0

order by entry_id, currency
