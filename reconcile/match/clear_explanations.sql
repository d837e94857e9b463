-- The explanations that are clear without looking further: the line names these items and no others, surely; they owe what came,
-- to the cent; and no other line names any of them. One row per explanation.

select match_calibrated.*

from match_calibrated

where match_calibrated.explanation_rank = 1
    and match_calibrated.reference_level in ('creditor', 'whole', 'digits')
    and match_calibrated.amount_level = 'exact'
    and match_calibrated.named_items = match_calibrated.item_count
    and not exists (

        select 1

        from match_candidates

        inner join match_named_items
            on match_candidates.invoice_id = match_named_items.invoice_id

        where match_candidates.explanation_id = match_calibrated.explanation_id
            and match_named_items.naming_lines > 1

    )

order by match_calibrated.line_id
