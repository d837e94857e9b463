-- The invoices and credit notes that concern the waiting lines, with what is owed on them now: those of the customers who may be
-- paying, and of those whose invoices are named or advised; what is settled only where a line names it. One row per invoice.
--
-- `discount_amount` is what the terms allow off all that is owed, rounded half up to the currency's unit; null where they allow none.

with

concerned as (

    select customer_id from match_payers

    union

    select match_all_items.customer_id
    from match_references
    inner join match_all_items on match_references.invoice_id = match_all_items.invoice_id

    union

    select match_remittances.customer_id
    from match_advised_lines
    semi join match_waiting on match_advised_lines.line_id = match_waiting.line_id
    inner join match_remittances on match_advised_lines.remittance_id = match_remittances.remittance_id

)

select
    match_all_items.invoice_id,
    match_all_items.invoice_number,
    match_all_items.number_key,
    match_all_items.creditor_text,
    match_all_items.customer_id,
    match_all_items.kind,
    match_all_items.currency,
    match_all_items.issue_date,
    match_all_items.due_date,
    match_all_items.discount_date,
    match_all_items.open_amount,
    case
        when discount_percent is null or discount_percent = 0 then null
        when decimals = 0 then round(open_amount * discount_percent::decimal(6, 3) * 0.01, 0)
        when decimals = 2 then round(open_amount * discount_percent::decimal(6, 3) * 0.01, 2)
        else round(open_amount * discount_percent::decimal(6, 3) * 0.01, 3)
    end::decimal(18, 3) as discount_amount

from match_all_items

semi join concerned
    on match_all_items.customer_id = concerned.customer_id

left join match_named_items
    on match_all_items.invoice_id = match_named_items.invoice_id

where open_amount > 0
    or match_named_items.invoice_id is not null

order by match_all_items.invoice_id
