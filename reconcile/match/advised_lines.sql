-- Which lines each remittance advice may speak of: those of its very sum that name it (by its id or its payment reference), or
-- whose date and likeliest payer fit. One row per (line, advice); `is_named`: by its id or its payment reference.

with

numbers as (

    select customer_id, number_key, bool_and(kind = 'credit_note') as is_credit_note

    from match_all_items

    group by customer_id, number_key

),

advices as (

    select
        match_remittances.remittance_id,
        any_value(match_remittances.customer_id) as customer_id,
        any_value(match_remittances.reference_key) as reference_key,
        any_value(match_remittances.payment_key) as payment_key,
        any_value(match_remittances.payment_date) as payment_date,
        sum(case when numbers.is_credit_note then -abs(match_remittances.amount) else match_remittances.amount end) as advised_amount

    from match_remittances

    left join numbers
        on match_remittances.customer_id = numbers.customer_id
        and match_remittances.number_key = numbers.number_key

    group by match_remittances.remittance_id

)

select
    match_all_lines.line_id,
    advices.remittance_id,
    (length(advices.reference_key) >= 4 and contains(match_all_lines.text_key, advices.reference_key))
    or (length(advices.payment_key) >= 4 and contains(match_all_lines.text_key, advices.payment_key)) as is_named

from advices

inner join match_all_lines
    on advices.advised_amount = match_all_lines.amount

where is_named
    or (
        abs(date_diff('day', advices.payment_date, match_all_lines.booked_date)) <= 7
        and exists (

            select 1

            from match_all_payers

            where match_all_payers.line_id = match_all_lines.line_id
                and match_all_payers.customer_id = advices.customer_id
                and not match_all_payers.is_newly_learned

        )
    )

order by match_all_lines.line_id, advices.remittance_id
