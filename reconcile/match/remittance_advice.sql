-- Source "remittance advice": what a customer's advice lists for a payment, where all that it lists is still open and adds up to the
-- line's amount. What it lists under numbers that no invoice of the customer has counts towards its sum, and is more than its items
-- take. One row per (line, item).

with

-- An invoice may stand in several rows of an advice.
advised_numbers as (

    select
        remittance_id,
        customer_id,
        number_key,
        sum(amount) as amount

    from match_remittances

    semi join (select remittance_id from match_advised_lines semi join match_waiting using (line_id)) as advised
        on match_remittances.remittance_id = advised.remittance_id

    group by remittance_id, customer_id, number_key

),

listed as (

    select
        advised_numbers.remittance_id,
        advised_numbers.customer_id,
        match_items.invoice_id,
        match_items.currency,
        case when match_items.kind = 'credit_note' then -abs(advised_numbers.amount) else advised_numbers.amount end as item_amount,
        match_items.open_amount,
        match_items.invoice_id is null
        and exists (

            select 1

            from match_all_items

            where match_all_items.number_key = advised_numbers.number_key
                and match_all_items.customer_id = advised_numbers.customer_id

        ) as is_settled

    from advised_numbers

    left join match_items
        on advised_numbers.number_key = match_items.number_key
        and advised_numbers.customer_id = match_items.customer_id

),

advices as (

    select
        remittance_id,
        any_value(currency) as currency,
        sum(item_amount) as advised_amount,
        string_agg(invoice_id, '|' order by invoice_id) as invoice_ids

    from listed

    group by remittance_id

    -- A number that two invoices have says which of them as little as none.
    having count(*) = (

        select count(*)

        from advised_numbers

        where advised_numbers.remittance_id = listed.remittance_id

    )
        and count(distinct currency) = 1
        and not bool_or(is_settled)
        and min(open_amount >= abs(item_amount))

),

advised as (

    select
        match_lines.line_id,
        match_lines.line_id || '|' || advices.invoice_ids as explanation_id,
        advices.remittance_id

    from match_advised_lines

    inner join advices
        on match_advised_lines.remittance_id = advices.remittance_id

    inner join match_lines
        on match_advised_lines.line_id = match_lines.line_id
        and advices.advised_amount = match_lines.amount
        and advices.currency = match_lines.currency

)

select
    advised.line_id,
    advised.explanation_id,
    listed.invoice_id,
    listed.item_amount

from advised

inner join listed
    on advised.remittance_id = listed.remittance_id
    and listed.invoice_id is not null

order by advised.explanation_id, listed.invoice_id
