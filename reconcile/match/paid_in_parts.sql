-- Invoices that several receipts name, each of them no other, and that these pay together to the cent; none of them of a payer who is
-- surely another customer, unless of the same group. One row per invoice.

with

namings as (

    select
        match_known_references.invoice_id,
        match_known_references.is_same_currency,
        match_all_lines.amount,
        count(*) over (partition by match_known_references.line_id) as named_items

    from match_known_references

    inner join match_all_lines
        on match_known_references.line_id = match_all_lines.line_id

    where match_known_references.reference_level in ('creditor', 'whole', 'digits')
        and match_all_lines.amount > 0

),

paid_by_others as (

    select match_known_references.invoice_id

    from match_known_references

    inner join match_all_items
        on match_known_references.invoice_id = match_all_items.invoice_id

    inner join match_all_payers
        on match_known_references.line_id = match_all_payers.line_id
        and match_all_payers.is_established

    inner join match_customers as payer
        on match_all_payers.customer_id = payer.customer_id

    inner join match_customers as customer
        on match_all_items.customer_id = customer.customer_id

    where payer.family_id != customer.family_id

)

select match_all_items.invoice_id

from namings

inner join match_all_items
    on namings.invoice_id = match_all_items.invoice_id

anti join paid_by_others
    on match_all_items.invoice_id = paid_by_others.invoice_id

where match_all_items.kind = 'invoice'

group by match_all_items.invoice_id, match_all_items.open_amount

having count(*) > 1
    and sum(namings.amount) = match_all_items.open_amount
    and max(namings.named_items) = 1
    and bool_and(namings.is_same_currency)

order by match_all_items.invoice_id
