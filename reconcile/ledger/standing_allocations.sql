-- The posted allocations that nothing has reversed. One row per allocation.

select allocations.*

from allocations

where allocations.state = 'posted'
    and allocations.reverses_id = ''
    and not exists (

        select 1

        from allocations as reversals

        where reversals.reverses_id = allocations.allocation_id

    )

order by allocation_id
