-- Which names a line's payer may have, found by two of their rarest words, by a rare word, whole or cut short, by the name run
-- together or cut off. One row per (line, name).
--
-- Of those found, the ones that share the most with the line, whole words compared; what very many names share finds nobody.

with

known_words as (

    select line_id, word, is_payer_name

    from match_sought_words

    semi join match_name_keys
        on match_sought_words.word = match_name_keys.word

),

known_pairs as materialized (

    select
        one.line_id,
        one.word,
        other.word as other_word

    from known_words as one

    inner join known_words as other
        on one.line_id = other.line_id
        and one.word < other.word

),

-- Two words of a name, whole: most payers are found so.
whole_pairs as materialized (

    select distinct known_pairs.line_id, match_name_keys.name_id

    from known_pairs

    inner join match_name_keys
        on known_pairs.word = match_name_keys.word
        and known_pairs.other_word = match_name_keys.other_end

),

word_ends as (

    select distinct
        known_words.line_id,
        known_words.word,
        unnest([left(match_sought_words.word, 2) || '-', '-' || right(match_sought_words.word, 2)]) as other_end

    from known_words

    inner join match_sought_words
        on known_words.line_id = match_sought_words.line_id
        and known_words.word != match_sought_words.word

    where length(match_sought_words.word) >= 3
        and not exists (select 1 from whole_pairs where whole_pairs.line_id = known_words.line_id)

),

rare_beginnings as (

    select
        left(word, 5) as beginning,
        name_id,
        word

    from match_name_keys

    where other_end = ''
        and length(word) >= 5

),

looked_up as (

    select line_id, name_id from match_cut_names

    union

    select line_id, name_id from match_run_together

    union

    select line_id, name_id from whole_pairs

    union

    select word_ends.line_id, match_name_keys.name_id
    from word_ends
    inner join match_name_keys
        on word_ends.word = match_name_keys.word
        and word_ends.other_end = match_name_keys.other_end

    union

    select known_words.line_id, match_name_keys.name_id
    from known_words
    inner join match_name_keys
        on known_words.word = match_name_keys.word
        and match_name_keys.other_end = ''

    union

    -- Words of the payer's name that are cut short, or end otherwise.
    select match_sought_words.line_id, rare_beginnings.name_id
    from match_sought_words
    inner join rare_beginnings
        on left(match_sought_words.word, 5) = rare_beginnings.beginning
        and match_sought_words.word != rare_beginnings.word
    where match_sought_words.is_payer_name
        and length(match_sought_words.word) >= 5

),

shared as (

    select
        looked_up.line_id,
        looked_up.name_id,
        sum(case when match_sought_words.word is not null then match_name_weights.weight else 0 end) as shared_weight

    from looked_up

    inner join match_name_weights
        on looked_up.name_id = match_name_weights.name_id

    left join match_sought_words
        on looked_up.line_id = match_sought_words.line_id
        and match_name_weights.word = match_sought_words.word

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

)

select line_id, name_id from ranked_shares where is_near_best and share_rank + alike <= $names_alike_max

union

select line_id, name_id from match_cut_names

union

select line_id, name_id from match_run_together

order by line_id, name_id
