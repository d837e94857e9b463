-- Invoices whose number a structured creditor reference in the text carries, behind or before its check digits, where the list of
-- invoices does not give the reference itself. One row per (line, invoice).

select
    match_structured.line_id,
    match_carried_numbers.invoice_id,
    case when bool_or(match_structured.is_unmistakable) then 'creditor' else 'digits' end as reference_level,
    min(match_structured.reference) as reference_text,
    bool_or(match_all_lines.currency = match_carried_numbers.currency) as is_same_currency

from match_structured

inner join match_carried_numbers
    on match_structured.core = match_carried_numbers.core

inner join match_all_lines
    on match_structured.line_id = match_all_lines.line_id

where length(match_structured.core) >= 5
    and not exists (

        select 1

        from match_all_references

        where match_all_references.line_id = match_structured.line_id
            and match_all_references.invoice_id = match_carried_numbers.invoice_id
            and match_all_references.reference_level != 'tail'

    )

group by match_structured.line_id, match_carried_numbers.invoice_id

order by match_structured.line_id, match_carried_numbers.invoice_id
