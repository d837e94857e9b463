-- What is left of each customer's credit, by where it came from: bank lines' money on account, what hand-recorded payments brought
-- beyond what was owed, and what is kept of them. One row per source of which anything is left.

with

given_by_lines as (

    select
        'line' as source_kind,
        current_decisions.line_id as source_id,
        current_decisions.customer_id,
        statement_lines.currency,
        statement_lines.booked_date as given_date,
        current_decisions.on_account as amount

    from current_decisions

    inner join statement_lines
        on current_decisions.line_id = statement_lines.line_id

    where current_decisions.on_account > 0
        and current_decisions.customer_id != ''

),

taken_back as (

    select
        returns_line_id as source_id,
        sum(on_account) as amount

    from current_decisions

    where outcome = 'returned'

    group by returns_line_id

),

given_by_payments as (

    select
        source_kind,
        source_id,
        sum(amount) as amount

    from payment_credits

    group by source_kind, source_id

),

left_over as (

    select
        given_by_lines.* exclude (amount),
        given_by_lines.amount + coalesce(taken_back.amount, 0) + coalesce(given_by_payments.amount, 0) as amount

    from given_by_lines

    left join taken_back
        on given_by_lines.source_id = taken_back.source_id

    left join given_by_payments
        on given_by_lines.source_id = given_by_payments.source_id
        and given_by_payments.source_kind = 'line'

    union all

    select
        given_by_payments.source_kind,
        given_by_payments.source_id,
        current_payments.customer_id,
        current_payments.currency,
        current_payments.payment_date,
        given_by_payments.amount

    from given_by_payments

    inner join current_payments
        on given_by_payments.source_id = current_payments.payment_id
        and given_by_payments.source_kind != 'line'

)

select
    source_kind,
    source_id,
    customer_id,
    currency,
    given_date,
    amount::decimal(18, 3) as amount

from left_over

where amount != 0

order by given_date, source_kind desc, source_id
