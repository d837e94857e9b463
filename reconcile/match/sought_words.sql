-- The words of the lines whose payer is to be sought by parts of a name. One row per (line, word).

select match_line_words.*

from match_line_words

anti join match_own_names
    on match_line_words.line_id = match_own_names.line_id

order by match_line_words.line_id, match_line_words.word
