-- Write which line each transaction of a file is. One row per transaction.

insert into line_sources

select
    $run_number as run_number,
    $file_id as file_id,
    $source_file as source_file,
    recognised.source_row,
    coalesce(recognised.line_id, statement_lines.line_id) as line_id

from recognised

left join statement_lines
    on recognised.line_id is null
    and statement_lines.file_id = $file_id
    and statement_lines.source_file = $source_file
    and statement_lines.run_number = $run_number
    and recognised.source_row = statement_lines.source_row

on conflict do nothing
