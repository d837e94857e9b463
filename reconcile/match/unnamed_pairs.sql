-- The pairs that payer or amount proposed and that the line's text does not name. One row per (line, item).

select distinct
    match_candidates.line_id,
    match_candidates.invoice_id

from match_candidates

where not exists (

    select 1

    from match_references

    where match_references.line_id = match_candidates.line_id
        and match_references.invoice_id = match_candidates.invoice_id
        and match_references.reference_level != 'tail'

)

order by match_candidates.line_id, match_candidates.invoice_id
