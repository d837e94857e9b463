-- The sources of a customer's credit in a currency, or the one that is asked for, the oldest first. One row per source.

select
    credit_sources.source_kind,
    credit_sources.source_id,
    credit_sources.amount

from credit_sources

where credit_sources.customer_id = $customer_id
    and credit_sources.currency = $currency
    and credit_sources.amount > 0
    and case $source_id
        when '' then not exists (

            select 1

            from payments_seen_at_bank

            where payments_seen_at_bank.line_id = credit_sources.source_id

        )
        else credit_sources.source_id = $source_id
    end

order by credit_sources.given_date, credit_sources.source_kind desc, credit_sources.source_id
