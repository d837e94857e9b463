-- Which names a line's payer may have, found by their two rarest words, whole or cut short, by the name run together or cut off.
-- One row per (line, name).
--
-- Of those found, the ones that share the most with the line, whole words compared; a word that very many names share alone finds
-- nobody.

with

rarest_words as (

    select name_id, word

    from match_name_weights

    qualify row_number() over (partition by name_id order by weight desc, word) <= 2

),

looked_up as (

    select line_id, name_id from match_cut_names

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

    select line_id, name_id from match_run_together

),

shared as (

    select
        looked_up.line_id,
        looked_up.name_id,
        sum(case when match_line_words.word is not null then match_name_weights.weight else 0 end) as shared_weight

    from looked_up

    inner join match_name_weights
        on looked_up.name_id = match_name_weights.name_id

    left join match_line_words
        on looked_up.line_id = match_line_words.line_id
        and match_name_weights.word = match_line_words.word

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

select line_id, name_id from ranked_shares where is_near_best and share_rank + alike <= 40

union

select line_id, name_id from match_cut_names

union

select line_id, name_id from match_run_together

order by line_id, name_id
