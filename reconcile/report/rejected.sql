-- What this run did not accept. One row per transaction or whole file.

select source_file, source_row, reason

from rejections

where run_number = $run_number

order by source_file, source_row nulls first, reason
