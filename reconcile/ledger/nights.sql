-- The nights, not what people did between them. One row per night, the earliest first.

select
    run_number,
    as_of_date,
    started_at,
    version

from runs

where kind = 'night'

order by run_number
