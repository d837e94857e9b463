-- Accounts and names that people said pay for a customer, by their letters and digits alone, with the first who said so and the line
-- that it was said of. One row per (kind, alias, customer).

with

spelt as (

    select
        payer_aliases.* replace (upper(regexp_replace(strip_accents(alias), '[^\p{L}\p{N}]', '', 'g')) as alias)

    from payer_aliases

),

said as (

    select
        line_id,
        customer_id,
        arg_min(who, (decided_at, review_id)) as who,
        min(decided_at) as decided_at

    from standing_reviews

    where decision_id != ''

    group by line_id, customer_id

)

select
    spelt.kind,
    spelt.alias,
    spelt.customer_id,
    sum(spelt.confirmations)::bigint as confirmations,
    arg_min(spelt.first_line_id, (said.decided_at, said.line_id)) as first_line_id,
    arg_min(said.who, (said.decided_at, said.line_id)) as who,
    min(said.decided_at)::date as confirmed_date

from spelt

inner join said
    on spelt.first_line_id = said.line_id
    and spelt.customer_id = said.customer_id

where spelt.alias != ''

group by spelt.kind, spelt.alias, spelt.customer_id
