-- Money that left, beside the customer it concerns and the earlier receipt that it may take back.
-- One row per line of money out that takes a receipt back, speaks of a return or a refund, or is all of a customer's credit.

with

lines_out as (

    select
        match_lines.*,
        regexp_extract(words_text, $return_codes, 1) as return_code,
        regexp_matches(words_text, $return_words) as has_return_word,
        regexp_matches(words_text, $refund_words) as speaks_of_refund,
        -- A reason code says as much as a word, unless the text says that it is a refund.
        has_return_word or (return_code != '' and not speaks_of_refund) as speaks_of_return

    from match_lines

    where amount < 0

),

named_customers as (

    select
        lines_out.line_id,
        match_items.customer_id,
        match_items.invoice_id

    from lines_out

    inner join match_references
        on lines_out.line_id = match_references.line_id

    inner join match_items
        on match_references.invoice_id = match_items.invoice_id

    where match_references.reference_level != 'tail'

),

payers as (

    select line_id, customer_id

    from match_payers

    where is_established

),

concerned as (

    select
        lines_out.line_id,
        lines_out.booked_date,
        lines_out.amount,
        lines_out.currency,
        coalesce(named.customer_id, payers.customer_id, '') as customer_id

    from lines_out

    left join (select line_id, min(customer_id) as customer_id from named_customers group by line_id) as named
        on lines_out.line_id = named.line_id

    left join payers
        on lines_out.line_id = payers.line_id

),

-- Lines that give a customer all that it had on account by then; of several the earliest.
given_back as (

    select concerned.line_id

    from concerned

    inner join credit_moves
        on concerned.customer_id = credit_moves.customer_id
        and concerned.currency = credit_moves.currency
        and concerned.booked_date >= credit_moves.moved_date

    where concerned.customer_id != ''

    group by concerned.line_id, concerned.customer_id, concerned.booked_date, concerned.amount, concerned.currency

    having sum(credit_moves.amount) = -concerned.amount

    qualify row_number() over (
        partition by concerned.customer_id, concerned.currency order by concerned.booked_date, concerned.line_id
    ) = 1

),

receipts as (

    select
        statement_lines.line_id as receipt_line_id,
        statement_lines.account_id,
        statement_lines.booked_date,
        statement_lines.amount,
        statement_lines.currency,
        concat_ws(' ', statement_lines.counterparty_name, statement_lines.payment_reference, statement_lines.remittance_text) as text,
        decided.customer_id,
        decided.outcome = 'duplicate' as is_duplicate

    from statement_lines

    inner join current_decisions as decided
        on statement_lines.line_id = decided.line_id

    where statement_lines.amount > 0
        and decided.outcome in ('applied', 'short_paid', 'overpaid', 'duplicate', 'on_account')
        and not exists (

            select 1

            from returned_receipts

            where returned_receipts.receipt_line_id = statement_lines.line_id

        )

),

-- The words of a return that may be somebody's name: not the bank's, nor a month's, nor of a phrase for returns.
own_words as (

    select
        match_line_words.line_id,
        list(match_line_words.word order by match_line_words.word) as words

    from match_line_words

    semi join lines_out
        on match_line_words.line_id = lines_out.line_id

    anti join (select word from match_bank_words union all select unnest($no_names) as word) as no_names
        on match_line_words.word = no_names.word

    where length(match_line_words.word) >= 4
        and not match_line_words.is_legal_form
        and not regexp_matches(match_line_words.word, '[0-9]')

    group by match_line_words.line_id

),

taken_back as (

    select
        lines_out.line_id,
        receipts.receipt_line_id,
        exists (

            select 1

            from allocations

            inner join named_customers
                on allocations.invoice_id = named_customers.invoice_id

            where allocations.line_id = receipts.receipt_line_id
                and allocations.state = 'posted'
                and named_customers.line_id = lines_out.line_id

        )
        -- What an invoice was paid with twice is what is sent back.
        or (
            receipts.is_duplicate
            and exists (

                select 1

                from named_customers

                where named_customers.customer_id = receipts.customer_id
                    and named_customers.line_id = lines_out.line_id

            )
        ) as is_named,
        receipts.is_duplicate,
        payers.customer_id is not null as is_same_payer,
        -- Of whom the return speaks nobody knows; but all that it says of somebody stands in the receipt.
        concerned.customer_id = ''
        and lines_out.speaks_of_return
        and coalesce(
            list_has_all(regexp_extract_all(upper(strip_accents(receipts.text)), '[A-Z]+'), own_words.words), false
        ) as is_same_text,
        receipts.customer_id,
        receipts.booked_date

    from lines_out

    inner join receipts
        on lines_out.account_id = receipts.account_id
        and lines_out.currency = receipts.currency
        and -lines_out.amount = receipts.amount
        and lines_out.booked_date between receipts.booked_date and receipts.booked_date + $return_days_max

    inner join concerned
        on lines_out.line_id = concerned.line_id

    left join own_words
        on lines_out.line_id = own_words.line_id

    left join payers
        on lines_out.line_id = payers.line_id
        and receipts.customer_id = payers.customer_id

),

best_receipts as (

    select
        *,
        count(*) over (partition by line_id, is_named) as receipts_alike

    from taken_back

    where is_named
        or is_same_payer
        or is_same_text

    qualify row_number() over (
        partition by line_id order by is_named desc, is_duplicate desc, is_same_payer desc, booked_date desc, receipt_line_id
    ) = 1

),

-- Two lines of money out cannot take back one receipt: the one that says so more surely does, then the earlier one.
claimed_receipts as (

    select best_receipts.*

    from best_receipts

    inner join lines_out
        on best_receipts.line_id = lines_out.line_id

    qualify row_number() over (
        partition by best_receipts.receipt_line_id
        order by best_receipts.is_named desc, best_receipts.is_same_payer desc, lines_out.booked_date, best_receipts.line_id
    ) = 1

)

select
    lines_out.line_id,
    lines_out.speaks_of_return,
    lines_out.speaks_of_refund,
    given_back.line_id is not null as is_all_credit,
    exists (select 1 from taken_back where taken_back.line_id = lines_out.line_id) as has_equal_receipt,
    lines_out.return_code,
    coalesce(claimed_receipts.receipt_line_id, '') as receipt_line_id,
    coalesce(claimed_receipts.is_named, false) as is_named,
    coalesce(claimed_receipts.receipts_alike, 0) as receipts_alike,
    coalesce(claimed_receipts.customer_id, concerned.customer_id) as customer_id

from lines_out

inner join concerned
    on lines_out.line_id = concerned.line_id

left join given_back
    on lines_out.line_id = given_back.line_id

left join claimed_receipts
    on lines_out.line_id = claimed_receipts.line_id

where lines_out.speaks_of_return
    or lines_out.speaks_of_refund
    or given_back.line_id is not null
    or claimed_receipts.line_id is not null

order by lines_out.line_id
