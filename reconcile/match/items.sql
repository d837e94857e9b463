-- Every known invoice and credit note with what its terms allow as a discount off all that is owed, rounded half up to the
-- currency's unit; null where they allow none. One row per invoice.

select
    item_rows.*,
    case
        when discount_percent is null or discount_percent = 0 then null
        when decimals = 0 then round(open_amount * discount_percent::decimal(6, 3) * 0.01, 0)
        when decimals = 2 then round(open_amount * discount_percent::decimal(6, 3) * 0.01, 2)
        else round(open_amount * discount_percent::decimal(6, 3) * 0.01, 3)
    end::decimal(18, 3) as discount_amount

from item_rows

order by invoice_id
