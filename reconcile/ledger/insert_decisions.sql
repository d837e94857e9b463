-- Write the run's decisions, but for those that say again what stands already. One row per line.

insert into decisions

select
    left(sha256(concat_ws(chr(31), 'decision', new_decisions.line_id, $run_number::varchar)), 24) as decision_id,
    $run_number as run_number,
    new_decisions.line_id,
    new_decisions.outcome,
    new_decisions.customer_id,
    new_decisions.applied,
    new_decisions.on_account,
    new_decisions.unapplied,
    new_decisions.difference,
    new_decisions.difference_kind,
    new_decisions.returns_line_id,
    new_decisions.rule,
    new_decisions.explanation

from new_decisions

where not exists (

    select 1

    from current_decisions

    where current_decisions.line_id = new_decisions.line_id
        and current_decisions.outcome = new_decisions.outcome
        and current_decisions.customer_id = new_decisions.customer_id
        and current_decisions.applied = new_decisions.applied
        and current_decisions.on_account = new_decisions.on_account
        and current_decisions.unapplied = new_decisions.unapplied
        and current_decisions.difference = new_decisions.difference
        and current_decisions.difference_kind = new_decisions.difference_kind
        and current_decisions.returns_line_id = new_decisions.returns_line_id
        and current_decisions.rule = new_decisions.rule
        and current_decisions.explanation = new_decisions.explanation

)
