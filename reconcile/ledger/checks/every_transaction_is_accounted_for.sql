-- The transactions counted in a file's bytes are its new lines, its repeats and its rejected rows, and each line and repeat names
-- its line. Returns the files that break it.

select
    statement_files.run_number,
    statement_files.source_file,
    statement_files.transactions_counted,
    statement_files.lines_new + statement_files.lines_repeated + statement_files.rows_rejected as accounted,
    count(line_sources.line_id) as named

from statement_files

left join line_sources
    on statement_files.run_number = line_sources.run_number
    and statement_files.file_id = line_sources.file_id
    and statement_files.source_file = line_sources.source_file

group by all

having statement_files.transactions_counted
    != statement_files.lines_new + statement_files.lines_repeated + statement_files.rows_rejected
    or count(line_sources.line_id) != statement_files.lines_new + statement_files.lines_repeated

order by run_number, source_file
