-- How many postings to the other system are in which state now, of all runs. One row in all.

select
    count(*) filter (where state = 'confirmed') as confirmed,
    count(*) filter (where state = 'pending') as pending,
    count(*) filter (where state in ('sent', 'unknown')) as unknown,
    count(*) filter (where state = 'refused') as refused,
    count(*) filter (where state = 'conflict') as conflict

from current_postings

where system = $system
    and place = $place
