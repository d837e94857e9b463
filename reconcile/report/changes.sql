-- What became of lines since the last night's run: new ones, and those whose outcome a later run or a person changed.
-- One row per outcome before and now, who changed it, and currency.
--
-- `outcome_before` is 'new' for a line that came with this run. `who` is '' where a run decided by itself.

with

nights as (

    select coalesce(max(run_number), 0) as last_night

    from runs

    where kind = 'night'
        and run_number < $run_number

),

before_it as (

    select
        decisions.line_id,
        max_by(decisions.outcome, decisions.run_number) as outcome

    from decisions

    inner join nights
        on decisions.run_number <= nights.last_night

    group by decisions.line_id

),

people as (

    select
        reviews.decision_id,
        string_agg(distinct concat_ws(' and ', first_reviews.who, reviews.who), ', ') as who

    from reviews

    left join reviews as first_reviews
        on reviews.confirms_id = first_reviews.review_id

    where reviews.decision_id != ''

    group by reviews.decision_id

)

select
    coalesce(before_it.outcome, 'new') as outcome_before,
    current_decisions.outcome as outcome_now,
    coalesce(people.who, '') as who,
    statement_lines.currency,
    count(*) as lines,
    sum(statement_lines.amount)::decimal(18, 3) as amount

from current_decisions

inner join nights
    on current_decisions.run_number > nights.last_night

inner join statement_lines
    on current_decisions.line_id = statement_lines.line_id

left join before_it
    on current_decisions.line_id = before_it.line_id

left join people
    on current_decisions.decision_id = people.decision_id

where before_it.outcome is distinct from current_decisions.outcome

group by all

order by outcome_before, outcome_now, who, statement_lines.currency
