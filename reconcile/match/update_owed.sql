-- Take note of what is owed now on the items that were paid or opened again. One row per item.

update match_all_items

set open_amount = match_owed.open_amount

from match_owed

where match_all_items.invoice_id = match_owed.invoice_id
