-- The lines that are asked for, with what is decided about each now, and the evidence as a run last told it. One row per line.

with

told_by_runs as (

    select line_id, arg_max(explanation, run_number) as evidence

    from decisions

    where rule not in ('person', 'undone', 'rejected')

    group by line_id

)

select
    statement_lines.line_id,
    statement_lines.booked_date,
    statement_lines.amount,
    statement_lines.currency,
    statement_lines.counterparty_name,
    current_decisions.decision_id,
    current_decisions.run_number,
    current_decisions.outcome,
    current_decisions.customer_id,
    current_decisions.on_account,
    current_decisions.rule,
    coalesce(told_by_runs.evidence, '') as evidence,
    runs.started_at as decided_at

from asked

inner join statement_lines
    on asked.line_id = statement_lines.line_id

inner join current_decisions
    on asked.line_id = current_decisions.line_id

inner join runs
    on current_decisions.run_number = runs.run_number

left join told_by_runs
    on asked.line_id = told_by_runs.line_id

order by line_id
