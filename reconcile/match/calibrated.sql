-- Every explanation with its calibrated probability, and by how much it leads the next one of its line. One row per explanation.
--
-- A best explanation is as probable as `calibration.csv` found those of its kind and share to be right; the others share what it
-- leaves, and are never above it.

with

calibrated as (

    select
        match_kinds.line_id,
        match_kinds.share as best_share,
        match_calibration.probability as best_probability

    from match_kinds

    inner join match_calibration
        on match_kinds.kind = match_calibration.kind
        and match_kinds.share >= match_calibration.share_from
        and match_kinds.share < match_calibration.share_below

    where match_kinds.explanation_rank = 1

),

probable as (

    select
        match_kinds.*,
        case
            when match_kinds.explanation_rank = 1 then best_probability
            else least(
                best_probability,
                match_kinds.share * least(1, (1 - best_probability) / greatest(1 - best_share, 1e-12))
            )
        end as probability

    from match_kinds

    inner join calibrated
        on match_kinds.line_id = calibrated.line_id

)

select
    probable.*,
    probability - coalesce(lead(probability) over (partition by line_id order by explanation_rank), 0) as margin

from probable

order by line_id, explanation_rank
