-- The texts of lines that name no invoice surely and hold a number of six digits or more, or of groups of them. One row per line.

select
    match_all_lines.line_id,
    match_all_lines.reference_text as text

from match_all_lines

where regexp_matches(match_all_lines.reference_text, '[0-9]{6}|RF[0-9]{2}|[0-9]{3}/[0-9]{4}/[0-9]{5}|[0-9]{2}( [0-9]{5}){5}')
    and not exists (

        select 1

        from match_all_references

        where match_all_references.line_id = match_all_lines.line_id
            and match_all_references.reference_level in ('creditor', 'whole', 'digits')

    )

order by match_all_lines.line_id
