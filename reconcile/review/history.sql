-- All that runs and people decided about a line, in order. One row per decision, and per act of a person that made none.

with

acts as (

    select
        reviews.run_number,
        reviews.decided_at as happened_at,
        reviews.who,
        case when reviews.is_waiting then reviews.action || ' (waits for a second person)' else reviews.action end as action,
        reviews.reason,
        reviews.decision_id

    from reviews

    where reviews.line_id = $line_id

),

decided as (

    select
        decisions.run_number,
        runs.started_at as happened_at,
        decisions.decision_id,
        decisions.outcome,
        decisions.applied,
        decisions.on_account,
        decisions.explanation

    from decisions

    inner join runs
        on decisions.run_number = runs.run_number

    where decisions.line_id = $line_id

)

select
    coalesce(acts.run_number, decided.run_number) as run_number,
    coalesce(acts.happened_at, decided.happened_at) as happened_at,
    coalesce(acts.who, '') as who,
    coalesce(acts.action, '') as action,
    coalesce(decided.outcome, '') as outcome,
    coalesce(decided.applied, 0)::decimal(18, 3) as applied,
    coalesce(decided.on_account, 0)::decimal(18, 3) as on_account,
    statement_lines.currency,
    coalesce(acts.reason, '') as reason,
    coalesce(decided.explanation, '') as explanation

from acts

full join decided
    on acts.decision_id = decided.decision_id

inner join statement_lines
    on statement_lines.line_id = $line_id

order by run_number, happened_at
