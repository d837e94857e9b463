-- Accounts and names that pay for a customer because people said so, and that the customer's own data do not say already.
-- One row per (kind, alias, customer).
--
-- What was said of several customers, or is another customer's own, is contested: evidence for none.

select
    taught_payers.*,
    exists (

        select 1

        from taught_payers as others

        where others.kind = taught_payers.kind
            and others.alias = taught_payers.alias
            and others.customer_id != taught_payers.customer_id

    )
    or exists (

        select 1

        from own_payers

        where own_payers.kind = taught_payers.kind
            and own_payers.alias = taught_payers.alias
            and own_payers.customer_id != taught_payers.customer_id

    ) as is_contested

from taught_payers

where not exists (

    select 1

    from own_payers

    where own_payers.kind = taught_payers.kind
        and own_payers.alias = taught_payers.alias
        and own_payers.customer_id = taught_payers.customer_id

)
