-- What the sources found, each explanation once, told by the first source in their list. One row per (explanation, item).

select
    line_id,
    explanation_id,
    invoice_id,
    arg_min(item_amount, source_place) as item_amount,
    arg_min(source, source_place) as source,
    bool_or(source = 'remittance_advice') as is_advised,
    bool_or(source = 'payers_run') as is_run

from match_found

group by line_id, explanation_id, invoice_id

order by explanation_id, invoice_id
