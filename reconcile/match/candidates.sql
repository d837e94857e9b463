-- What the sources found, each explanation once, told by the first source in their list. One row per (explanation, item).

select
    line_id,
    explanation_id,
    invoice_id,
    arg_min(item_amount, source_place) as item_amount,
    arg_min(source, source_place) as source,
    bool_or(source = 'remittance_advice') as is_advised,
    bool_or(source = 'payers_run') as is_run,
    min(set_rarity) as set_rarity

from (

    select source_place, source, line_id, explanation_id, invoice_id, item_amount, null as set_rarity from match_found

    union all

    select 99, 'set_search', line_id, explanation_id, invoice_id, item_amount, set_rarity from match_sets

)

group by line_id, explanation_id, invoice_id

order by explanation_id, invoice_id
