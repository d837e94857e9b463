-- Payers' names that are the beginning of a customer's: the bank has cut them off. One row per (line, name).

select match_all_lines.line_id, match_names.name_id

from match_all_lines

inner join match_names
    on left(match_all_lines.name_key, 10) = left(match_names.full_compact_name, 10)
    and starts_with(match_names.full_compact_name, match_all_lines.name_key)

anti join match_own_names
    on match_all_lines.line_id = match_own_names.line_id

where length(match_all_lines.name_key) >= 10

order by match_all_lines.line_id, match_names.name_id
