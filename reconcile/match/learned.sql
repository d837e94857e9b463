-- The payers of the waiting lines that are known because people taught their account or name. One row per line.

select
    match_payers.line_id,
    match_payers.customer_id,
    match_payers.learned_kind,
    match_payers.is_newly_learned,
    match_learned_payers.confirmations,
    match_learned_payers.who,
    match_learned_payers.confirmed_date

from match_payers

inner join match_lines
    on match_payers.line_id = match_lines.line_id

inner join match_learned_payers
    on match_payers.customer_id = match_learned_payers.customer_id
    and match_payers.learned_kind = match_learned_payers.kind
    and match_learned_payers.alias
        = case match_learned_payers.kind when 'account' then match_lines.counterparty_account else match_lines.name_key end

where match_payers.payers_alike = 1

-- Two spellings in the ledger may be one here.
qualify row_number() over (
    partition by match_payers.line_id order by match_learned_payers.confirmed_date, match_learned_payers.who
) = 1

order by match_payers.line_id
