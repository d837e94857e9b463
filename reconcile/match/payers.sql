-- Who the payers of the waiting lines are likeliest to be. One row per (line, customer).

select match_all_payers.*

from match_all_payers

semi join match_waiting
    on match_all_payers.line_id = match_waiting.line_id

order by match_all_payers.line_id, match_all_payers.customer_id
