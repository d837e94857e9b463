-- A reversal takes back exactly one allocation, whole, once. Returns the allocations that break it.

select
    allocations.allocation_id,
    allocations.amount,
    count(*) as reversals,
    sum(reversals.amount) as reversed

from allocations

inner join allocations as reversals
    on allocations.allocation_id = reversals.reverses_id

group by allocations.allocation_id, allocations.amount

having count(*) > 1
    or sum(reversals.amount) != -allocations.amount

order by allocation_id
