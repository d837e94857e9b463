-- The lines that wait to be explained. One row per line.

select match_all_lines.*

from match_all_lines

semi join match_waiting
    on match_all_lines.line_id = match_waiting.line_id

order by match_all_lines.line_id
