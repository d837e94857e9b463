-- Write what became of postings. One row per posting and change of its state.

insert into posting_events

select
    posting_id,
    event_number,
    $happened_at as happened_at,
    state,
    attempt,
    remote_id,
    held_before,
    is_settled,
    detail

from new_events
