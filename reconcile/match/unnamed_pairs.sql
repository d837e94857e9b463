-- The pairs that payer or amount proposed and that the line's text does not name; where it names another invoice of the same
-- customer, it means that one, however near the numbers are. One row per (line, item).

select distinct
    match_candidates.line_id,
    match_candidates.invoice_id

from match_candidates

inner join match_items
    on match_candidates.invoice_id = match_items.invoice_id

where not exists (

    select 1

    from match_references

    inner join match_items as named_items
        on match_references.invoice_id = named_items.invoice_id

    where match_references.line_id = match_candidates.line_id
        and named_items.customer_id = match_items.customer_id

)

order by match_candidates.line_id, match_candidates.invoice_id
