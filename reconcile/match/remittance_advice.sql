-- Source "remittance advice": what a customer's advice lists for a payment that the line names (by the advice's id or its
-- payment reference), or that its amount, date and payer fit. Only where the listed amounts add up to the line's.
-- What an advice lists under numbers that no invoice of the customer has counts towards its sum, and is more than its items take.
-- One row per (line, item).

with

listed as (

    select
        match_remittances.remittance_id,
        match_remittances.reference_key,
        match_remittances.payment_key,
        match_remittances.payment_date,
        match_remittances.customer_id,
        match_items.invoice_id,
        match_items.currency,
        case when match_items.kind = 'credit_note' then -abs(match_remittances.amount) else match_remittances.amount end as item_amount,
        match_items.open_amount,
        match_items.invoice_id is null
        and exists (

            select 1

            from match_all_items

            where match_all_items.number_key = match_remittances.number_key
                and match_all_items.customer_id = match_remittances.customer_id

        ) as is_settled

    from match_remittances

    left join match_items
        on match_remittances.number_key = match_items.number_key
        and match_remittances.customer_id = match_items.customer_id

),

advices as (

    select
        remittance_id,
        any_value(reference_key) as reference_key,
        any_value(payment_key) as payment_key,
        any_value(payment_date) as payment_date,
        any_value(customer_id) as customer_id,
        any_value(currency) as currency,
        sum(item_amount) as advised_amount,
        min(open_amount >= abs(item_amount)) as is_still_open,
        string_agg(invoice_id, '|' order by invoice_id) as invoice_ids

    from listed

    group by remittance_id

    -- A number that two invoices have says which of them as little as none.
    having count(*) = (

        select count(*)

        from match_remittances

        where match_remittances.remittance_id = listed.remittance_id

    )
        and count(distinct currency) = 1
        and not bool_or(is_settled)

),

advised_lines as (

    select
        match_lines.line_id,
        match_lines.line_id || '|' || advices.invoice_ids as explanation_id,
        advices.remittance_id

    from advices

    inner join match_lines
        on advices.advised_amount = match_lines.amount
        and advices.currency = match_lines.currency

    where advices.is_still_open
        and (
            (length(advices.reference_key) >= 4 and contains(match_lines.text_key, advices.reference_key))
            or (length(advices.payment_key) >= 4 and contains(match_lines.text_key, advices.payment_key))
            or (
                abs(date_diff('day', advices.payment_date, match_lines.booked_date)) <= 7
                and exists (

                    select 1

                    from match_payers

                    where match_payers.line_id = match_lines.line_id
                        and match_payers.customer_id = advices.customer_id
                        and match_payers.payer_rank = 1

                )
            )
        )

)

select
    advised_lines.line_id,
    advised_lines.explanation_id,
    listed.invoice_id,
    listed.item_amount

from advised_lines

inner join listed
    on advised_lines.remittance_id = listed.remittance_id
    and listed.invoice_id is not null

order by advised_lines.explanation_id, listed.invoice_id
