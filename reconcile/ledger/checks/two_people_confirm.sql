-- What waits for a second person is confirmed once, by another person, and as it was said. Returns the confirmations that break it.

with

confirmations as (

    select
        confirming.review_id,
        confirming.who,
        waiting.who as first_who,
        count(*) over (partition by confirming.confirms_id) as times,
        waiting.is_waiting
            and waiting.line_id = confirming.line_id
            and waiting.action = confirming.action
            and waiting.customer_id = confirming.customer_id
            and waiting.run_number < confirming.run_number
            and not confirming.is_waiting as is_the_same

    from reviews as confirming

    left join reviews as waiting
        on confirming.confirms_id = waiting.review_id

    where confirming.confirms_id != ''

)

select review_id, first_who, who

from confirmations

where times > 1
    or coalesce(not is_the_same, true)
    or lower(trim(who)) = lower(trim(first_who))

order by review_id
