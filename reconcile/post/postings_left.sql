-- What waits for a system or an address that is not configured any more, and is not posted here either. One row per system and
-- place; `was_sent` says whether anything was ever sent there.

select
    current_postings.system,
    current_postings.place,
    count(*) filter (where current_postings.state not in ('confirmed', 'refused')) as posting_count,
    min(current_postings.run_number) as first_run_number,
    bool_or(current_postings.was_sent) as was_sent

from current_postings

where (current_postings.system != $system or current_postings.place != $place)
    and not exists (

        select 1

        from postings

        where postings.allocation_id = current_postings.allocation_id
            and postings.system = $system
            and postings.place = $place

    )

group by current_postings.system, current_postings.place

having posting_count > 0

order by current_postings.system, current_postings.place
