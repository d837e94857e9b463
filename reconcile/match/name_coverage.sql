-- How much of each likely name the line's words cover, by weight: a word counts whole, cut off, or one edit away.
-- One row per (line, name).

with

compared as (

    select
        match_likely_names.line_id,
        match_likely_names.name_id,
        match_name_weights.word,
        max(match_name_weights.weight) as weight,
        max(
            case
                when match_line_words.word = match_name_weights.word then 1.0
                when starts_with(match_name_weights.word, match_line_words.word)
                    and (length(match_line_words.word) >= 3 or match_line_words.is_last) then 0.9
                when match_run_together.word is not null then 0.95
                when length(match_name_weights.word) >= 5 and abs(length(match_name_weights.word) - length(match_line_words.word)) <= 1
                    and damerau_levenshtein(match_name_weights.word, match_line_words.word) = 1 then 0.85
                else 0.0
            end
        ) as likeness

    from match_likely_names

    inner join match_name_weights
        on match_likely_names.name_id = match_name_weights.name_id

    inner join match_line_words
        on match_likely_names.line_id = match_line_words.line_id

    left join match_run_together
        on match_likely_names.line_id = match_run_together.line_id
        and match_likely_names.name_id = match_run_together.name_id
        and match_line_words.word = match_run_together.word

    group by match_likely_names.line_id, match_likely_names.name_id, match_name_weights.word

)

select
    line_id,
    name_id,
    sum(weight * likeness) as covered_weight,
    sum(weight * likeness) / sum(weight) as coverage,
    min(likeness) > 0 as is_whole,
    bool_or(likeness = 0.9) as is_cut_off

from compared

group by line_id, name_id

order by line_id, name_id
