-- Words of a line that are a whole name run together, perhaps cut off, perhaps with another legal form behind.
-- One row per (line, name, word).

with

long_words as (

    select distinct word

    from match_line_words

    where length(word) >= 8
        and not exists (select 1 from match_name_weights where match_name_weights.word = match_line_words.word)

),

whole_names as (

    select
        long_words.word,
        match_names.name_id

    from long_words

    inner join match_names
        on left(long_words.word, 8) = left(match_names.full_compact_name, 8)

    where length(long_words.word) > length(match_names.first_word) + 1
        and (
            starts_with(match_names.full_compact_name, long_words.word)
            or (
                starts_with(long_words.word, match_names.compact_name)
                and exists (

                    select 1

                    from match_legal_forms

                    where starts_with(match_legal_forms.word, substr(long_words.word, length(match_names.compact_name) + 1))

                )
            )
        )

)

select distinct
    match_line_words.line_id,
    whole_names.name_id,
    match_line_words.word

from whole_names

inner join match_line_words
    on whole_names.word = match_line_words.word

order by match_line_words.line_id, whole_names.name_id, match_line_words.word
