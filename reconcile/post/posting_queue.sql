-- The postings that may be sent now, in the order of sending. One row per posting.
--
-- An invoice's postings go one after the other: `turn` counts those of one invoice, and none goes while an earlier one is unclear.

create or replace temp table posting_queue as

with

unfinished as (

    select
        posting_id,
        posting_number,
        state,
        row_number() over (partition by invoice_id order by posting_number) as turn,
        count(*) filter (where state != 'pending') over (
            partition by invoice_id order by posting_number rows between unbounded preceding and current row
        ) as unclear_before

    from current_postings

    where system = $system
        and place = $place
        and state not in ('confirmed', 'refused')

)

select posting_id, posting_number, turn

from unfinished

where unclear_before = 0

order by turn, posting_number
