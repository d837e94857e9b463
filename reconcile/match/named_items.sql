-- The items that any line names, by more than their last digits: they are no other line's to take. One row per invoice.

select
    invoice_id,
    count(*) as naming_lines,
    bool_or(reference_level in ('creditor', 'whole', 'digits')) as is_surely_named

from match_known_references

where reference_level != 'tail'

group by invoice_id

order by invoice_id
