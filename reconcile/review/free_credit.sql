-- A customer's credit in a currency, and what our banks' lines gave back of it. One row.

select
    coalesce((

        select sum(credit_sources.amount)

        from credit_sources

        where credit_sources.customer_id = $customer_id
            and credit_sources.currency = $currency

    ), 0)::decimal(18, 3) as credit,
    coalesce((

        select -sum(statement_lines.amount)

        from current_decisions

        inner join statement_lines
            on current_decisions.line_id = statement_lines.line_id

        where current_decisions.outcome = 'refund'
            and current_decisions.customer_id = $customer_id
            and statement_lines.currency = $currency

    ), 0)::decimal(18, 3) as paid_back
