-- The bank takes a receipt back once. Returns the receipts that break it.

select receipt_line_id, count(*) as returns

from returned_receipts

group by receipt_line_id

having count(*) > 1

order by receipt_line_id
