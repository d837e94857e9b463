-- How much of each likely name the line's words cover, by weight: a word counts whole, cut off, shortened
-- inside (MFG for MANUFACTURING), one edit away, or, in the payer's name, by its first letter.
-- One row per (line, name).

with

whole as (

    select
        match_likely_names.line_id,
        match_likely_names.name_id,
        match_name_weights.word,
        match_name_weights.weight,
        match_sought_words.word is not null as is_whole

    from match_likely_names

    inner join match_name_weights
        on match_likely_names.name_id = match_name_weights.name_id

    left join match_sought_words
        on match_likely_names.line_id = match_sought_words.line_id
        and match_name_weights.word = match_sought_words.word

),

compared as (

    select line_id, name_id, word, weight, 1.0 as likeness from whole where is_whole

    union all

    select
        whole.line_id,
        whole.name_id,
        whole.word,
        max(whole.weight) as weight,
        max(
            case
                when starts_with(whole.word, match_sought_words.word)
                    and (length(match_sought_words.word) >= 3 or match_sought_words.is_last) then 0.9
                when match_run_together.word is not null then 0.95
                when length(whole.word) >= 5 and abs(length(whole.word) - length(match_sought_words.word)) <= 1
                    and (left(whole.word, 1) = left(match_sought_words.word, 1) or right(whole.word, 1) = right(match_sought_words.word, 1))
                    and damerau_levenshtein(whole.word, match_sought_words.word) = 1 then 0.85
                when length(match_sought_words.word) between 3 and 4
                    and length(whole.word) >= 2 * length(match_sought_words.word)
                    and left(whole.word, 1) = left(match_sought_words.word, 1)
                    and right(whole.word, 1) = right(match_sought_words.word, 1)
                    and whole.word like rtrim(regexp_replace(match_sought_words.word, '(.)', '\1%', 'g'), '%') then 0.9
                when length(match_sought_words.word) = 1
                    and match_sought_words.is_payer_name
                    and not match_sought_words.is_legal_form
                    and left(whole.word, 1) = match_sought_words.word then 0.7
                else 0.0
            end
        ) as likeness

    from whole

    inner join match_sought_words
        on whole.line_id = match_sought_words.line_id

    left join match_run_together
        on whole.line_id = match_run_together.line_id
        and whole.name_id = match_run_together.name_id
        and match_sought_words.word = match_run_together.word

    where not whole.is_whole

    group by whole.line_id, whole.name_id, whole.word

)

select
    line_id,
    name_id,
    sum(weight * likeness) as covered_weight,
    sum(weight * likeness) / sum(weight) as coverage,
    min(likeness) > 0 as is_whole,
    bool_or(likeness in (0.7, 0.9)) as is_cut_off

from compared

group by line_id, name_id

order by line_id, name_id
