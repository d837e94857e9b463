-- Who a line's payer is likeliest to be, and how surely. One row per (line, customer); several only where they are equally likely.
--
-- A customer is known by its account or its whole name; else it is looked up by the two rarest words of each of its names and by
-- the name run together, and all words are compared. Levels: account; full (every word that matters is there, whole, cut off or
-- one edit away, and no strange word beside them); contains (the same, with another company's words beside them); partial (at least
-- half by weight). `is_established`: this customer and no other, by account or full name. One that was learned only now is not, and
-- speaks against no other customer.

with

-- Names whose suffix the line leaves out: another customer may be called the same but for it.
lacking_suffix as (

    select distinct match_name_coverage.line_id, match_name_coverage.name_id

    from match_name_coverage

    inner join match_name_words
        on match_name_coverage.name_id = match_name_words.name_id

    where match_name_words.is_suffix
        and not exists (

            select 1

            from match_sought_words

            where match_sought_words.line_id = match_name_coverage.line_id
                and match_sought_words.word = match_name_words.word

        )

),

by_name as (

    select
        match_name_coverage.line_id,
        match_names.customer_id,
        case
            when coalesce(match_strange_names.strange_words, 0) = 0
                and ((match_name_coverage.is_whole and match_name_coverage.coverage >= 0.8) or match_cut_names.name_id is not null) then 3
            when match_name_coverage.is_whole and match_name_coverage.coverage >= 0.8 then 2
            else 1
        end as payer_strength,
        lacking_suffix.name_id is null
            and match_name_coverage.is_whole
            and not match_name_coverage.is_cut_off as is_complete,
        match_name_coverage.covered_weight

    from match_name_coverage

    inner join match_names
        on match_name_coverage.name_id = match_names.name_id

    left join match_strange_names
        on match_name_coverage.line_id = match_strange_names.line_id
        and match_name_coverage.name_id = match_strange_names.name_id

    left join lacking_suffix
        on match_name_coverage.line_id = lacking_suffix.line_id
        and match_name_coverage.name_id = lacking_suffix.name_id

    left join match_cut_names
        on match_name_coverage.line_id = match_cut_names.line_id
        and match_name_coverage.name_id = match_cut_names.name_id

    where match_name_coverage.coverage >= 0.5
        or match_cut_names.name_id is not null

    union all

    select match_own_names.line_id, match_names.customer_id, 3, true, 1.0
    from match_own_names
    inner join match_names on match_own_names.name_id = match_names.name_id

),

by_account as (

    select
        match_all_lines.line_id,
        accounts.customer_id,
        4 as payer_strength,
        true as is_complete,
        0.0 as covered_weight

    from match_all_lines

    inner join (
        select customer_id, iban as account from match_customers union select customer_id, account from match_customers
    ) as accounts
        on match_all_lines.counterparty_account = accounts.account

    where match_all_lines.counterparty_account != ''

),

by_own_data as (

    select *, '' as learned_kind, false as is_newly_learned from by_name

    union all

    select *, '' as learned_kind, false as is_newly_learned from by_account

),

-- What people taught: an account, or the whole name. What is new says nothing beside another customer's own account or name.
by_learning as (

    select
        match_all_lines.line_id,
        learned.customer_id,
        case learned.kind when 'account' then 4 else 3 end as payer_strength,
        true as is_complete,
        0.0 as covered_weight,
        learned.kind as learned_kind,
        learned.is_new as is_newly_learned

    from match_all_lines

    inner join match_learned_payers as learned
        on learned.alias = case learned.kind when 'account' then match_all_lines.counterparty_account else match_all_lines.name_key end

    where not learned.is_new
        or not exists (

            select 1

            from by_own_data

            where by_own_data.line_id = match_all_lines.line_id
                and by_own_data.customer_id != learned.customer_id
                and by_own_data.payer_strength >= 2

        )

),

best as (

    select *
    from (select * from by_own_data union all select * from by_learning)
    qualify row_number() over (
        partition by line_id, customer_id
        order by case when is_newly_learned then 2.5 else payer_strength end desc, covered_weight desc, learned_kind
    ) = 1

),

likeliest as (

    select *

    from best

    -- A name that the line has whole goes before those it has in part; cut off or without its suffix it is no better.
    qualify rank() over (
        partition by line_id
        order by
            case
                when is_newly_learned then 2
                when payer_strength = 4 then 4
                when payer_strength = 3 and is_complete then 3
                else 0
            end desc,
            round(covered_weight, 6) desc
    ) = 1

)

select
    likeliest.line_id,
    match_all_lines.currency,
    likeliest.customer_id,
    case payer_strength when 4 then 'account' when 3 then 'full' when 2 then 'contains' else 'partial' end as payer_level,
    count(*) over (partition by likeliest.line_id) as payers_alike,
    learned_kind,
    is_newly_learned,
    payers_alike = 1 and payer_level in ('account', 'full') and not is_newly_learned as is_established

from likeliest

inner join match_all_lines
    on likeliest.line_id = match_all_lines.line_id

order by likeliest.line_id, likeliest.customer_id
