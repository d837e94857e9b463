-- How far each kind of evidence could be trusted so far: what runs decided by it, and what people made of that. One row per rule.
--
-- A person's word counts for the last decision of a run before it. Posted: what a run posted by itself, and how many of those a
-- person took back. Proposed: what waited for a person, and whether that was accepted, changed (other invoices, on account, ...) or
-- rejected.

with

posted as (

    select
        rule,
        count(*) as posted

    from decisions

    where outcome in ('applied', 'short_paid', 'overpaid', 'duplicate', 'on_account', 'returned', 'refund')
        and rule != 'person'

    group by rule

),

proposed as (

    select
        rule,
        count(distinct line_id) as proposed

    from decisions

    where outcome = 'review'
        and rule != 'person'

    group by rule

),

said as (

    select
        standing_reviews.line_id,
        standing_reviews.action,
        max_by(decisions.rule, decisions.run_number) as rule,
        max_by(decisions.outcome, decisions.run_number) as outcome

    from standing_reviews

    inner join decisions
        on standing_reviews.line_id = decisions.line_id
        and decisions.run_number < standing_reviews.run_number
        and decisions.rule != 'person'

    where not standing_reviews.is_waiting

    group by standing_reviews.review_id, standing_reviews.line_id, standing_reviews.action

),

answered as (

    select
        rule,
        count(*) filter (where action = 'undo') as undone,
        count(*) filter (where outcome = 'review' and action = 'accept') as accepted,
        count(*) filter (where outcome = 'review' and action not in ('accept', 'reject', 'undo')) as changed,
        count(distinct line_id) filter (where outcome = 'review' and action = 'reject') as rejected

    from said

    group by rule

)

select
    rule,
    coalesce(posted.posted, 0) as posted,
    coalesce(answered.undone, 0) as undone,
    coalesce(proposed.proposed, 0) as proposed,
    coalesce(answered.accepted, 0) as accepted,
    coalesce(answered.changed, 0) as changed,
    coalesce(answered.rejected, 0) as rejected

from posted

full join proposed using (rule)

left join answered using (rule)

where rule != ''

order by coalesce(posted.posted, 0) + coalesce(proposed.proposed, 0) desc, rule
