-- Write down of which invoices the reviews speak. One row per review and invoice.

insert into review_items

select
    review_id,
    invoice_id,
    amount,
    residual

from new_review_items
