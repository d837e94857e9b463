-- Which customers a line's payer may be, and how surely. One row per (line, customer).
--
-- A customer is looked up by its account, by the two rarest words of each of its names, and by the name run together; then
-- all words are compared. Levels: account; full (every word that matters is there, whole, cut off or one edit away, and no
-- strange word beside them); contains (the same, with another company's words beside them); partial (at least half by weight).

with

vocabulary as (

    select
        word,
        ln(1.0 + (select count(*) from match_names) / count(distinct name_id)) as weight

    from match_name_words

    where not is_legal_form
        and not is_suffix

    group by word

),

name_words as (

    select
        match_name_words.name_id,
        match_name_words.word,
        max(vocabulary.weight) as weight

    from match_name_words

    inner join vocabulary
        on match_name_words.word = vocabulary.word

    where not match_name_words.is_legal_form
        and not match_name_words.is_suffix

    group by match_name_words.name_id, match_name_words.word

),

rarest_words as (

    select name_id, word

    from name_words

    qualify row_number() over (partition by name_id order by weight desc, word) <= 2

),

-- Words that are a whole name run together, perhaps cut off, perhaps with another legal form behind.
run_together as materialized (

    select distinct
        match_line_words.line_id,
        match_names.name_id,
        match_line_words.word

    from match_line_words

    inner join match_names
        on left(match_line_words.word, 8) = left(match_names.full_compact_name, 8)

    where length(match_line_words.word) >= 8
        and length(match_line_words.word) > length(match_names.first_word) + 1
        and (
            starts_with(match_names.full_compact_name, match_line_words.word)
            or (
                starts_with(match_line_words.word, match_names.compact_name)
                and exists (

                    select 1

                    from match_legal_forms

                    where starts_with(match_legal_forms.word, substr(match_line_words.word, length(match_names.compact_name) + 1))

                )
            )
        )

),

-- Payers' names that are the beginning of a customer's: the bank has cut them off.
cut_off as (

    select match_all_lines.line_id, match_names.name_id

    from match_all_lines

    inner join match_names
        on left(match_all_lines.name_key, 10) = left(match_names.full_compact_name, 10)
        and starts_with(match_names.full_compact_name, match_all_lines.name_key)

    where length(match_all_lines.name_key) >= 10

),

looked_up as (

    select line_id, name_id from cut_off

    union

    select distinct match_line_words.line_id, rarest_words.name_id
    from match_line_words
    inner join rarest_words on match_line_words.word = rarest_words.word

    union

    -- Words of the payer's name that are cut short.
    select distinct match_line_words.line_id, rarest_words.name_id
    from match_line_words
    inner join rarest_words
        on left(match_line_words.word, 5) = left(rarest_words.word, 5)
        and starts_with(rarest_words.word, match_line_words.word)
        and match_line_words.word != rarest_words.word
    where match_line_words.is_payer_name
        and length(match_line_words.word) >= 5

    union

    select line_id, name_id from run_together

),

shared as (

    select
        looked_up.line_id,
        looked_up.name_id,
        sum(case when match_line_words.word is not null then name_words.weight else 0 end) as shared_weight

    from looked_up

    inner join name_words
        on looked_up.name_id = name_words.name_id

    left join match_line_words
        on looked_up.line_id = match_line_words.line_id
        and name_words.word = match_line_words.word

    group by looked_up.line_id, looked_up.name_id

),

ranked_shares as (

    select
        line_id,
        name_id,
        shared_weight >= 0.75 * max(shared_weight) over (partition by line_id) as is_near_best,
        rank() over (partition by line_id order by shared_weight desc) as share_rank,
        count(*) over (partition by line_id, shared_weight) as alike

    from shared

),

-- Of those looked up, the ones that share the most with the line, whole words compared; a word that very many names share alone
-- finds nobody. Names run together or cut off share no whole word and stay.
likeliest as materialized (

    select line_id, name_id from ranked_shares where is_near_best and share_rank + alike <= 40

    union

    select line_id, name_id from cut_off

    union

    select line_id, name_id from run_together

),

-- What banks write themselves: the words known as such, and words of many lines that no customer is called by.
bank_words as (

    select word

    from match_bank_words

    union

    select word

    from match_line_words

    where not exists (select 1 from vocabulary where vocabulary.word = match_line_words.word)

    group by word

    having count(distinct line_id) > 5 + 0.01 * (select count(*) from match_all_lines)

),

compared as (

    select
        likeliest.line_id,
        likeliest.name_id,
        name_words.word,
        max(name_words.weight) as weight,
        max(
            case
                when match_line_words.word = name_words.word then 1.0
                when starts_with(name_words.word, match_line_words.word)
                    and (length(match_line_words.word) >= 3 or match_line_words.is_last) then 0.9
                when run_together.word is not null then 0.95
                when length(name_words.word) >= 5 and abs(length(name_words.word) - length(match_line_words.word)) <= 1
                    and damerau_levenshtein(name_words.word, match_line_words.word) = 1 then 0.85
                else 0.0
            end
        ) as likeness

    from likeliest

    inner join name_words
        on likeliest.name_id = name_words.name_id

    inner join match_line_words
        on likeliest.line_id = match_line_words.line_id

    left join run_together
        on likeliest.line_id = run_together.line_id
        and likeliest.name_id = run_together.name_id
        and match_line_words.word = run_together.word

    group by likeliest.line_id, likeliest.name_id, name_words.word

),

covered as materialized (

    select
        line_id,
        name_id,
        sum(weight * likeness) as covered_weight,
        sum(weight * likeness) / sum(weight) as coverage,
        min(likeness) > 0 as is_whole,
        bool_or(likeness = 0.9) as is_cut_off

    from compared

    group by line_id, name_id

),

-- Words of the payer's name that this customer's name does not have: another company's, or a longer name.
strange as (

    select
        covered.line_id,
        covered.name_id,
        count(*) as strange_words

    from covered

    inner join match_line_words
        on covered.line_id = match_line_words.line_id

    where not match_line_words.is_legal_form
        and not match_line_words.is_suffix
        and length(match_line_words.word) >= 3
        and (
            match_line_words.is_payer_name
            or (
                not match_line_words.has_payer_name
                and exists (select 1 from vocabulary where vocabulary.word = match_line_words.word)
            )
        )
        and not exists (select 1 from bank_words where bank_words.word = match_line_words.word)
        and not exists (

            select 1

            from match_name_words

            where match_name_words.name_id = covered.name_id
                and (
                    starts_with(match_name_words.word, match_line_words.word)
                    or (
                        length(match_line_words.word) >= 4
                        and abs(length(match_name_words.word) - length(match_line_words.word)) <= 1
                        and damerau_levenshtein(match_name_words.word, match_line_words.word) <= 1
                    )
                )

        )
        and not exists (

            select 1

            from run_together

            where run_together.line_id = covered.line_id
                and run_together.name_id = covered.name_id
                and run_together.word = match_line_words.word

        )

    group by covered.line_id, covered.name_id

),

-- Names whose suffix the line leaves out: another customer may be called the same but for it.
lacking_suffix as (

    select distinct covered.line_id, covered.name_id

    from covered

    inner join match_name_words
        on covered.name_id = match_name_words.name_id

    where match_name_words.is_suffix
        and not exists (

            select 1

            from match_line_words

            where match_line_words.line_id = covered.line_id
                and match_line_words.word = match_name_words.word

        )

),

by_name as (

    select
        covered.line_id,
        match_names.customer_id,
        case
            when coalesce(strange.strange_words, 0) = 0
                and ((covered.is_whole and covered.coverage >= 0.8) or cut_off.name_id is not null) then 3
            when covered.is_whole and covered.coverage >= 0.8 then 2
            else 1
        end as payer_strength,
        lacking_suffix.name_id is null
            and covered.is_whole
            and not covered.is_cut_off as is_complete,
        covered.covered_weight

    from covered

    inner join match_names
        on covered.name_id = match_names.name_id

    left join strange
        on covered.line_id = strange.line_id
        and covered.name_id = strange.name_id

    left join lacking_suffix
        on covered.line_id = lacking_suffix.line_id
        and covered.name_id = lacking_suffix.name_id

    left join cut_off
        on covered.line_id = cut_off.line_id
        and covered.name_id = cut_off.name_id

    where covered.coverage >= 0.5
        or cut_off.name_id is not null

),

by_account as (

    select
        match_all_lines.line_id,
        match_customers.customer_id,
        4 as payer_strength,
        true as is_complete,
        0.0 as covered_weight

    from match_all_lines

    inner join match_customers
        on match_all_lines.counterparty_account in (match_customers.iban, match_customers.account)

    where match_all_lines.counterparty_account != ''

),

best as (

    select line_id, customer_id, payer_strength, is_complete, covered_weight
    from (select * from by_name union all select * from by_account)
    qualify row_number() over (
        partition by line_id, customer_id order by payer_strength desc, covered_weight desc
    ) = 1

),

ranked as (

    select
        best.*,
        -- A name that the line has whole goes before those it has in part; cut off or without its suffix it is no better.
        rank() over (
            partition by line_id
            order by
                case when payer_strength = 4 then 4 when payer_strength = 3 and is_complete then 3 else 0 end desc,
                round(covered_weight, 6) desc
        ) as payer_rank

    from best

)

select
    ranked.line_id,
    match_all_lines.currency,
    ranked.customer_id,
    case payer_strength when 4 then 'account' when 3 then 'full' when 2 then 'contains' else 'partial' end as payer_level,
    payer_rank,
    count(*) over (partition by ranked.line_id, payer_rank) as payers_alike

from ranked

inner join match_all_lines
    on ranked.line_id = match_all_lines.line_id

order by ranked.line_id, payer_rank, customer_id
