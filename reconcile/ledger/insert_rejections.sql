-- Write what this run did not accept. One row per transaction or whole file.

insert into rejections

select
    $run_number as run_number,
    source_file,
    source_row,
    reason

from new_rejections
