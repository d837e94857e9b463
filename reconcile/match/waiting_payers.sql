-- Who the payers of the waiting lines may be. One row per (line, customer).

select match_payers.*

from match_payers

semi join match_lines
    on match_payers.line_id = match_lines.line_id

order by line_id, payer_rank, customer_id
