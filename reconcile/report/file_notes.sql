-- What readers noted of this run's files, as discrepancies without an amount. One row per note.

select
    'note' as kind,
    source_file,
    '' as account_id,
    null::decimal(18, 3) as amount,
    '' as currency,
    note as sentence

from file_notes

where run_number = $run_number

order by note_number
