-- Which known invoices a line names, the payer looked at too: digits that may be another number's are the invoice's where the payer
-- may be its customer. One row per (line, invoice).

select
    match_all_references.* replace (
        case
            when match_all_references.reference_level = 'bare' and match_all_payers.customer_id is not null then 'digits'
            else match_all_references.reference_level
        end as reference_level
    )

from match_all_references

inner join match_all_items
    on match_all_references.invoice_id = match_all_items.invoice_id

left join match_all_payers
    on match_all_references.line_id = match_all_payers.line_id
    and match_all_items.customer_id = match_all_payers.customer_id
    and not match_all_payers.is_newly_learned

order by match_all_references.line_id, match_all_references.invoice_id
