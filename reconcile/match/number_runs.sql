-- Of how many runs of letters or digits the longest invoice number is made, and whether any item has a creditor reference.
-- One row.

select
    coalesce(max(len(regexp_extract_all(number_text, '[A-Z]+|[0-9]+'))), 1)::integer as runs_in_numbers,
    coalesce(bool_or(creditor_text != ''), false) as has_creditor_references

from match_all_items
