-- Every explanation with its score, its share among the line's explanations and none, and its rank. One row per explanation.

with

weighed as (

    select
        match_evidence.*,
        prior.weight + reference_weight.weight + payer_weight.weight + amount_weight.weight + date_weight.weight + match_evidence.rarity
            as score

    from match_evidence

    inner join match_weights as prior
        on prior.evidence = 'prior'

    inner join match_weights as reference_weight
        on reference_weight.evidence = 'reference'
        and match_evidence.reference_level = reference_weight.level

    inner join match_weights as payer_weight
        on payer_weight.evidence = 'payer'
        and match_evidence.payer_level = payer_weight.level

    inner join match_weights as amount_weight
        on amount_weight.evidence = 'amount'
        and match_evidence.amount_level = amount_weight.level

    inner join match_weights as date_weight
        on date_weight.evidence = 'date'
        and match_evidence.date_level = date_weight.level

),

shared as (

    select
        weighed.*,
        exp(score) / (1 + sum(exp(score)) over (partition by line_id)) as share

    from weighed

)

select
    shared.*,
    row_number() over (partition by line_id order by share desc, item_count, explanation_id) as explanation_rank

from shared

order by line_id, explanation_rank
