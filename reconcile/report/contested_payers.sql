-- Accounts and names of payers on which people disagree, among themselves or with the customers' own data: they are evidence for none
-- but whose own they are. One row per conflict between two customers; within one group there is none.

with

names as (

    select
        customer_id,
        name,
        case when parent_id = '' then customer_id else parent_id end as family_id

    from current_customers

),

conflicts as (

    select
        one.kind,
        one.alias,
        one.customer_id,
        one.who,
        one.confirmed_date,
        one.first_line_id,
        other.customer_id as other_id,
        format(
            ' and for customer {} ({}first by {} on {}, line {}): it is evidence for neither. Undo the one that was a slip; an agent or '
            || 'a bank that pays for both stays so.',
            other.customer_id,
            coalesce(names.name || ', ', ''),
            other.who,
            other.confirmed_date,
            other.first_line_id
        ) as against

    from taught_payers as one

    inner join taught_payers as other
        on one.kind = other.kind
        and one.alias = other.alias
        and one.customer_id < other.customer_id

    left join names
        on other.customer_id = names.customer_id

    union all

    select
        taught_payers.kind,
        taught_payers.alias,
        taught_payers.customer_id,
        taught_payers.who,
        taught_payers.confirmed_date,
        taught_payers.first_line_id,
        own_payers.customer_id as other_id,
        format(
            ', and is customer {}''s own{}: it is evidence for {} alone. Undo what was a slip, or correct the customer''s data.',
            own_payers.customer_id,
            coalesce(' (' || names.name || ')', ''),
            own_payers.customer_id
        ) as against

    from taught_payers

    inner join own_payers
        on taught_payers.kind = own_payers.kind
        and taught_payers.alias = own_payers.alias
        and taught_payers.customer_id != own_payers.customer_id

    left join names
        on own_payers.customer_id = names.customer_id

)

select
    'payer' as kind,
    '' as source_file,
    '' as account_id,
    null as amount,
    '' as currency,
    format(
        'The {} {} was confirmed for customer {} ({}first by {} on {}, line {}){}',
        conflicts.kind,
        conflicts.alias,
        conflicts.customer_id,
        coalesce(names.name || ', ', ''),
        conflicts.who,
        conflicts.confirmed_date,
        conflicts.first_line_id,
        conflicts.against
    ) as sentence

from conflicts

left join names
    on conflicts.customer_id = names.customer_id

left join names as others
    on conflicts.other_id = others.customer_id

where names.family_id is distinct from others.family_id
    or names.family_id is null

order by conflicts.kind, conflicts.alias, conflicts.customer_id, conflicts.other_id
