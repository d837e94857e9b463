-- Each candidate's items with what they owe and how surely the line names them. One row per (explanation, item).

select
    match_candidates.line_id,
    match_candidates.explanation_id,
    match_candidates.invoice_id,
    match_candidates.item_amount,
    match_candidates.is_advised,
    match_candidates.is_run,
    match_candidates.set_rarity,
    match_items.customer_id,
    match_items.currency,
    match_items.invoice_number,
    match_items.number_key,
    match_items.issue_date,
    match_items.due_date,
    match_items.discount_amount,
    match_items.discount_date,
    match_named_items.invoice_id is not null as is_named,
    match_paid_in_parts.invoice_id is not null as is_paid_in_parts,
    case match_references.reference_level
        when 'creditor' then 8
        when 'whole' then 7
        when 'digits' then 6
        when 'bare' then 4
        when 'tail' then 3
        when 'order' then 2
        else case match_typos.typo_level when 'typo' then 5 when 'cut_off' then 1 else 0 end
    end as reference_strength

from match_candidates

inner join match_items
    on match_candidates.invoice_id = match_items.invoice_id

left join match_references
    on match_candidates.line_id = match_references.line_id
    and match_candidates.invoice_id = match_references.invoice_id

left join match_named_items
    on match_candidates.invoice_id = match_named_items.invoice_id

left join match_paid_in_parts
    on match_candidates.invoice_id = match_paid_in_parts.invoice_id

left join match_typos
    on match_candidates.line_id = match_typos.line_id
    and match_candidates.invoice_id = match_typos.invoice_id

order by match_candidates.explanation_id, match_candidates.invoice_id
