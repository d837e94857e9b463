-- Words of a line that are a whole name run together, perhaps cut off, perhaps with another legal form behind.
-- One row per (line, name, word).

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

order by match_line_words.line_id, match_names.name_id, match_line_words.word
