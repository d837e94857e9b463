-- The evidence for each candidate explanation, level by level. One row per explanation.

with

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

    select line_id, customer_id as payer_id from match_payers where is_established

),

-- Sets of all that a customer owes between the first and the last number that the text names.
whole_ranges as (

    select match_explanations.explanation_id

    from match_explanations

    inner join match_named_ranges
        on match_explanations.explanation_id = match_named_ranges.explanation_id
        and match_explanations.number_key = match_named_ranges.first_number
        and match_explanations.last_number_key = match_named_ranges.last_number
        and match_named_ranges.first_number < match_named_ranges.last_number

    inner join match_lines
        on match_explanations.line_id = match_lines.line_id

    inner join match_items
        on match_explanations.customer_id = match_items.customer_id
        and match_lines.currency = match_items.currency
        and match_items.number_key between match_named_ranges.first_number and match_named_ranges.last_number
        and length(match_items.number_key) = length(match_named_ranges.first_number)

    where match_explanations.item_count > 2
        and match_explanations.customers = 1
        and match_items.open_amount > 0
        and length(match_named_ranges.first_number) = length(match_named_ranges.last_number)

    group by match_explanations.explanation_id, match_explanations.item_count

    having count(*) = match_explanations.item_count

),

open_items as (

    select currency, sum(items_alike) as items from match_equal_items group by currency

)

select
    match_explanations.line_id,
    match_explanations.explanation_id,
    match_explanations.customer_id,
    match_explanations.item_count,
    match_explanations.due_amount,
    match_explanations.invoice_numbers,
    match_lines.amount - match_explanations.due_amount as difference,
    case
        when match_explanations.is_advised then 'advised'
        when match_explanations.reference_strength = 8 then 'creditor'
        when match_explanations.reference_strength = 7 then 'whole'
        when match_explanations.reference_strength = 6 then 'digits'
        when match_explanations.reference_strength = 5 then 'typo'
        -- Several such numbers of one customer that make up the amount are not there by chance.
        when match_explanations.reference_strength = 4
            and match_explanations.item_count > 1
            and match_explanations.customers = 1
            and match_lines.amount = match_explanations.due_amount then 'digits'
        when match_explanations.reference_strength = 4 then 'bare'
        when match_explanations.reference_strength = 3 then 'tail'
        when match_explanations.reference_strength = 2 then 'order'
        when match_explanations.reference_strength = 1 then 'cut_off'
        when match_explanations.reference_strength_max > 4 then 'begun'
        when own_namings.own_named_items > 0 then 'other_own'
        when line_namings.named_items > 0 then 'other'
        else 'none'
    end as reference_level,
    case
        when match_payers.payers_alike > 1 then 'alike'
        when match_payers.payers_alike = 1 then match_payers.payer_level
        when known_payers.payer_id is null then 'unknown'
        when payer.family_id = customer.family_id then 'family'
        else 'other'
    end as payer_level,
    case
        when match_lines.amount = match_explanations.due_amount
            and (match_explanations.item_count = 1 or match_explanations.reference_strength > 0)
            then 'exact'
        when match_lines.amount = match_explanations.due_amount and match_explanations.is_advised then 'exact'
        when match_lines.amount = match_explanations.due_amount and match_explanations.is_run then 'exact_run'
        when match_lines.amount = match_explanations.due_amount then 'exact_set'
        when match_explanations.is_paid_in_parts
            and match_explanations.item_count = 1
            and match_explanations.reference_strength > 5
            and match_lines.amount < match_explanations.due_amount then 'instalment'
        when match_explanations.due_amount - match_lines.amount = match_explanations.discount_amount
            and match_lines.booked_date <= match_explanations.discount_date + $discount_grace_days then 'discount'
        when match_explanations.due_amount - match_lines.amount between match_lines.smallest_unit
            and $rounding_units_max * match_lines.smallest_unit then 'rounding'
        when regexp_matches(match_lines.words_text, $part_words)
            and match_explanations.item_count = 1
            and match_explanations.reference_strength > 5
            and match_lines.amount < match_explanations.due_amount then 'instalment'
        when match_explanations.due_amount - match_lines.amount between 0 and $charge_units_max * match_lines.smallest_unit
            and (match_explanations.due_amount - match_lines.amount) * 10 <= match_explanations.due_amount then 'charge'
        when match_lines.amount < match_explanations.due_amount then 'part'
        when line_namings.named_items > match_explanations.item_count then 'excess_of_one'
        else 'excess'
    end as amount_level,
    case
        when match_lines.booked_date < match_explanations.issue_date - $prepaid_days_max then 'early'
        when match_lines.booked_date > match_explanations.due_date + $overdue_days_max then 'late'
        else 'usual'
    end as date_level,
    -- An amount that few open items have says more: half the logarithm of how rare it is, at most 2.
    case
        when match_lines.amount != match_explanations.due_amount then 0
        when match_explanations.set_rarity is not null then greatest(-6, least(2, match_explanations.set_rarity - 3))
        when match_explanations.item_count > 1 then 2
        else least(2, 0.5 * ln(coalesce(open_items.items, 1) / coalesce(match_equal_items.items_alike, 1)))
    end as rarity,
    coalesce(line_namings.named_items, 0) as named_items,
    match_explanations.item_count > 1 and match_loose_sets.explanation_id is not null as has_twin,
    match_explanations.item_count > 1 and coalesce(match_loose_sets.is_loose, false) as has_loose_twin,
    whole_ranges.explanation_id is not null as is_range,
    -- Twice what it names: an invoice paid double as well as two invoices of one amount.
    coalesce(match_explanations.reference_strength = 0 and match_lines.amount = 2 * match_named_ranges.named_amount, false) as is_doubled,
    settled.line_id is not null as names_settled_equal,
    coalesce(match_own_equal_items.own_items_alike, 0) as own_items_alike

from match_explanations

inner join match_lines
    on match_explanations.line_id = match_lines.line_id

left join line_namings
    on match_explanations.line_id = line_namings.line_id

left join match_named_ranges
    on match_explanations.explanation_id = match_named_ranges.explanation_id

left join whole_ranges
    on match_explanations.explanation_id = whole_ranges.explanation_id

left join match_loose_sets
    on match_explanations.explanation_id = match_loose_sets.explanation_id

left join settled
    on match_explanations.line_id = settled.line_id

left join own_namings
    on match_explanations.line_id = own_namings.line_id
    and match_explanations.customer_id = own_namings.customer_id

left join match_payers
    on match_explanations.line_id = match_payers.line_id
    and match_explanations.customer_id = match_payers.customer_id

left join known_payers
    on match_explanations.line_id = known_payers.line_id

left join match_customers as customer
    on match_explanations.customer_id = customer.customer_id

left join match_customers as payer
    on known_payers.payer_id = payer.customer_id

left join open_items
    on match_lines.currency = open_items.currency

left join match_equal_items
    on match_lines.currency = match_equal_items.currency
    and match_lines.amount = match_equal_items.open_amount

left join match_own_equal_items
    on match_explanations.customer_id = match_own_equal_items.customer_id
    and match_lines.currency = match_own_equal_items.currency
    and match_explanations.due_amount = match_own_equal_items.open_amount

order by match_explanations.explanation_id
