-- The waiting receipts that name no invoice, beside their surely known payer. One row per line.

select
    match_lines.line_id,
    match_lines.amount,
    match_lines.booked_date,
    match_lines.currency,
    match_payers.customer_id

from match_payers

inner join match_lines
    on match_payers.line_id = match_lines.line_id

where match_lines.amount > 0
    and match_payers.payers_alike = 1
    and match_payers.payer_level in ('account', 'full')
    and not exists (

        select 1

        from match_references

        where match_references.line_id = match_lines.line_id
            and match_references.is_same_currency
            and match_references.reference_level != 'tail'

    )

order by match_lines.line_id
