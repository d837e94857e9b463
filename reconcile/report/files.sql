-- The statement files of this run and what became of their transactions. One row per file.

select
    source_file,
    any_value(layout order by file_id) as layout,
    sum(transactions_counted)::bigint as transactions,
    sum(lines_new)::bigint as lines_new,
    sum(lines_repeated)::bigint as lines_repeated,
    sum(rows_rejected)::bigint as rows_rejected

from statement_files

where run_number = $run_number

group by source_file

order by source_file
