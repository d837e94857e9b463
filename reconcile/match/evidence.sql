-- The evidence for each candidate explanation, level by level. One row per explanation.

with

named_items as (

    select distinct invoice_id

    from match_references

    where reference_level != 'tail'

),

candidate_items as (

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
        named_items.invoice_id is not null as is_named,
        case match_references.reference_level
            when 'creditor' then 7
            when 'whole' then 6
            when 'digits' then 5
            when 'order' then 2
            when 'tail' then 3
            else case match_typos.typo_level when 'typo' then 4 when 'cut_off' then 1 else 0 end
        end as reference_strength

    from match_candidates

    inner join match_items
        on match_candidates.invoice_id = match_items.invoice_id

    left join match_references
        on match_candidates.line_id = match_references.line_id
        and match_candidates.invoice_id = match_references.invoice_id

    left join named_items
        on match_candidates.invoice_id = named_items.invoice_id

    left join match_typos
        on match_candidates.line_id = match_typos.line_id
        and match_candidates.invoice_id = match_typos.invoice_id

),

-- The first and the last number that a line names of a set that it names in part.
named_ranges as (

    select
        explanation_id,
        min(number_key) as first_number,
        max(number_key) as last_number,
        sum(item_amount) as named_amount

    from candidate_items

    where reference_strength > 3

    group by explanation_id

),

grouped as (

    select
        line_id,
        explanation_id,
        any_value(customer_id order by customer_id) as customer_id,
        count(distinct customer_id) as customers,
        count(*) as item_count,
        sum(item_amount) as due_amount,
        sum(case when item_amount > 0 then discount_amount end) as discount_amount,
        min(discount_date) as discount_date,
        min(reference_strength) as reference_strength,
        max(reference_strength) as reference_strength_max,
        min(number_key) as number_key,
        bool_or(is_advised) as is_advised,
        bool_or(is_run) as is_run,
        min(set_rarity) as set_rarity,
        min(issue_date) as issue_date,
        max(due_date) as due_date,
        bool_or(is_named) as is_named,
        string_agg(invoice_number, ', ' order by invoice_number) as invoice_numbers

    from candidate_items

    group by line_id, explanation_id

),

explanations as (

    select *

    from grouped

    -- Equal items of one customer that nothing in the text tells apart: the oldest that no line names stands for all.
    qualify item_count > 1
        or reference_strength > 0
        or row_number() over (
            partition by line_id, customer_id, item_count, due_amount, reference_strength
            order by is_named, due_date, number_key, explanation_id
        ) = 1

),

-- Lines that name, with its very amount, an item on which nothing is owed any more.
settled as (

    select distinct line_id

    from match_settled

    where is_same_amount
        and not is_another_payer

),

own_namings as (

    select
        match_references.line_id,
        match_items.customer_id,
        count(*) as own_named_items

    from match_references

    inner join match_items
        on match_references.invoice_id = match_items.invoice_id

    where match_references.reference_level in ('creditor', 'whole', 'digits')

    group by match_references.line_id, match_items.customer_id

),

line_namings as (

    select line_id, sum(own_named_items) as named_items

    from own_namings

    group by line_id

),

known_payers as (

    select
        line_id,
        any_value(customer_id) as payer_id,
        any_value(payer_level) as payer_level

    from match_payers

    where payer_rank = 1
        and payers_alike = 1
        and payer_level in ('account', 'full')

    group by line_id

),

-- What the customer of an explanation owes besides it, in equal amounts: the set might as well hold those.
loose_twins as (

    select
        candidate_items.explanation_id,
        candidate_items.item_amount,
        count(*) as twins_left,
        bool_or(
            twins.number_key between named_ranges.first_number and named_ranges.last_number
            or coalesce(match_typos.typo_level, '') != ''
        ) as has_likelier_twin

    from (select distinct line_id, explanation_id, customer_id, currency, item_amount from candidate_items where reference_strength = 0)
        as candidate_items

    inner join match_items as twins
        on candidate_items.customer_id = twins.customer_id
        and candidate_items.currency = twins.currency
        and candidate_items.item_amount = twins.open_amount

    left join named_ranges
        on candidate_items.explanation_id = named_ranges.explanation_id

    left join match_typos
        on candidate_items.line_id = match_typos.line_id
        and twins.invoice_id = match_typos.invoice_id

    where not exists (

        select 1

        from match_candidates as taken

        where taken.explanation_id = candidate_items.explanation_id
            and taken.invoice_id = twins.invoice_id

    )

    group by candidate_items.explanation_id, candidate_items.item_amount

),

-- Sets of which an item might as well be another equal one of the customer's, and nothing tells that it is not: it does not
-- stand between the first and the last number named, nor begin as the text ends.
loose_sets as (

    select distinct candidate_items.explanation_id

    from candidate_items

    inner join loose_twins
        on candidate_items.explanation_id = loose_twins.explanation_id
        and candidate_items.item_amount = loose_twins.item_amount

    left join named_ranges
        on candidate_items.explanation_id = named_ranges.explanation_id

    where candidate_items.reference_strength = 0
        and not coalesce(
            candidate_items.number_key between named_ranges.first_number and named_ranges.last_number
            and not loose_twins.has_likelier_twin,
            false
        )

),

equal_items as (

    select currency, open_amount, count(*) as items_alike

    from match_items

    where open_amount > 0

    group by currency, open_amount

),

open_item_counts as (

    select currency, count(*) as open_items

    from match_items

    where open_amount > 0

    group by currency

)

select
    explanations.line_id,
    explanations.explanation_id,
    explanations.customer_id,
    explanations.item_count,
    explanations.due_amount,
    explanations.invoice_numbers,
    match_lines.amount - explanations.due_amount as difference,
    case
        when explanations.is_advised then 'advised'
        when explanations.reference_strength = 7 then 'creditor'
        when explanations.reference_strength = 6 then 'whole'
        when explanations.reference_strength = 5 then 'digits'
        when explanations.reference_strength = 4 then 'typo'
        when explanations.reference_strength = 3 then 'tail'
        when explanations.reference_strength = 2 then 'order'
        when explanations.reference_strength = 1 then 'cut_off'
        when explanations.reference_strength_max > 3 then 'begun'
        when own_namings.own_named_items > 0 then 'other_own'
        when line_namings.named_items > 0 then 'other'
        else 'none'
    end as reference_level,
    case
        when match_payers.payer_rank = 1 and match_payers.payers_alike > 1 then 'alike'
        when match_payers.payer_rank = 1 then match_payers.payer_level
        when known_payers.payer_id is null then 'unknown'
        when payer.family_id = customer.family_id then 'family'
        else 'other'
    end as payer_level,
    case
        when match_lines.amount = explanations.due_amount and (explanations.item_count = 1 or explanations.reference_strength > 0)
            then 'exact'
        when match_lines.amount = explanations.due_amount and explanations.is_advised then 'exact'
        when match_lines.amount = explanations.due_amount and explanations.is_run then 'exact_run'
        when match_lines.amount = explanations.due_amount then 'exact_set'
        when explanations.due_amount - match_lines.amount = explanations.discount_amount
            and match_lines.booked_date <= explanations.discount_date + $discount_grace_days then 'discount'
        when explanations.due_amount - match_lines.amount between match_lines.smallest_unit
            and $rounding_units_max * match_lines.smallest_unit then 'rounding'
        when explanations.due_amount - match_lines.amount between 0 and 5000 * match_lines.smallest_unit
            and (explanations.due_amount - match_lines.amount) * 10 <= explanations.due_amount then 'charge'
        when match_lines.amount < explanations.due_amount then 'part'
        else 'excess'
    end as amount_level,
    case
        when match_lines.booked_date < explanations.issue_date - $prepaid_days_max then 'early'
        when match_lines.booked_date > explanations.due_date + $overdue_days_max then 'late'
        else 'usual'
    end as date_level,
    -- An amount that few open items have says more: half the logarithm of how rare it is, at most 2.
    case
        when match_lines.amount != explanations.due_amount then 0
        when explanations.set_rarity is not null then greatest(-6, least(2, explanations.set_rarity - 3))
        when explanations.item_count > 1 then 2
        else least(2, 0.5 * ln(open_item_counts.open_items / greatest(1, coalesce(equal_items.items_alike, 1))))
    end as rarity,
    coalesce(line_namings.named_items, 0) as named_items,
    explanations.item_count > 1 and loose_sets.explanation_id is not null as has_loose_twin,
    -- Twice what it names: an invoice paid double as well as two invoices of one amount.
    coalesce(explanations.reference_strength = 0 and match_lines.amount = 2 * named_ranges.named_amount, false) as is_doubled,
    settled.line_id is not null as names_settled_equal

from explanations

inner join match_lines
    on explanations.line_id = match_lines.line_id

left join line_namings
    on explanations.line_id = line_namings.line_id

left join named_ranges
    on explanations.explanation_id = named_ranges.explanation_id

left join loose_sets
    on explanations.explanation_id = loose_sets.explanation_id

left join settled
    on explanations.line_id = settled.line_id

left join own_namings
    on explanations.line_id = own_namings.line_id
    and explanations.customer_id = own_namings.customer_id

left join match_payers
    on explanations.line_id = match_payers.line_id
    and explanations.customer_id = match_payers.customer_id

left join known_payers
    on explanations.line_id = known_payers.line_id

left join match_customers as customer
    on explanations.customer_id = customer.customer_id

left join match_customers as payer
    on known_payers.payer_id = payer.customer_id

left join equal_items
    on match_lines.currency = equal_items.currency
    and match_lines.amount = equal_items.open_amount

left join open_item_counts
    on match_lines.currency = open_item_counts.currency

order by explanations.explanation_id
