-- Takes out the explanations that hold an item of which a person said that the line does not pay it. Returns nothing.

delete from match_found

where explanation_id in (

    select found.explanation_id

    from match_found as found

    inner join match_rejected_pairs
        on found.line_id = match_rejected_pairs.line_id
        and found.invoice_id = match_rejected_pairs.invoice_id

)
