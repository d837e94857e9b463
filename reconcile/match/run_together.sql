-- Words of a line that are a whole name run together, perhaps cut off, perhaps with another legal form behind.
-- One row per (line, name, word).

with

long_words as (

    select distinct word

    from match_sought_words

    where length(word) >= 8
        and not exists (select 1 from match_name_weights where match_name_weights.word = match_sought_words.word)

),

alike as (

    select
        long_words.word,
        match_names.name_id,
        match_names.full_compact_name,
        case
            when starts_with(long_words.word, match_names.compact_name) then substr(long_words.word, length(match_names.compact_name) + 1)
        end as behind_name

    from long_words

    inner join match_names
        on left(long_words.word, 8) = left(match_names.full_compact_name, 8)

    where length(long_words.word) > length(match_names.first_word) + 1

),

whole_names as (

    select word, name_id from alike where starts_with(full_compact_name, word)

    union

    select alike.word, alike.name_id
    from alike
    inner join match_form_beginnings on alike.behind_name = match_form_beginnings.beginning

)

select distinct
    match_sought_words.line_id,
    whole_names.name_id,
    match_sought_words.word

from whole_names

inner join match_sought_words
    on whole_names.word = match_sought_words.word

order by match_sought_words.line_id, whole_names.name_id, match_sought_words.word
