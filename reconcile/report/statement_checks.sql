-- Statements of this run's accounts that do not add up, or that leave a gap after the one before. One row per finding.
--
-- A bank's opening balance plus its lines is its closing balance; where no opening balance is told, the closing balance of the
-- statement before it stands in. A gap counts where the bank itself says which days a statement covers. Amounts are turned into
-- text before `format`, which would print a decimal as a float; of three decimals the last is left out where it is 0.

with

accounts_of_run as (

    select distinct statements.account_id

    from statements

    inner join statement_files
        on statements.file_id = statement_files.file_id
        and statement_files.run_number = $run_number

),

dated as (

    select
        statements.*,
        coalesce(closing_date, end_date) as as_of_date,
        statement_files.layout = 'ofx' as tells_its_period

    from statements

    semi join accounts_of_run
        on statements.account_id = accounts_of_run.account_id

    inner join statement_files
        on statements.run_number = statement_files.run_number
        and statements.file_id = statement_files.file_id
        and statements.source_file = statement_files.source_file

),

chained as (

    select
        dated.*,
        lag(closing_balance) over by_date as balance_before,
        lag(as_of_date) over by_date as as_of_before,
        lag(source_file) over by_date as source_file_before,
        max(end_date) over (
            partition by account_id order by end_date, start_date, file_id
            rows between unbounded preceding and 1 preceding
        ) as covered_until

    from dated

    window by_date as (partition by account_id order by as_of_date, start_date, file_id)

),

added_up as (

    select
        chained.*,
        case when opening_balance is not null then opening_balance else balance_before end as balance_from,
        (

            select coalesce(sum(statement_lines.amount), 0)

            from statement_lines

            where statement_lines.account_id = chained.account_id
                and statement_lines.currency = chained.currency
                and statement_lines.booked_date <= coalesce(chained.closing_date, chained.end_date)
                and case
                    when chained.opening_balance is not null then statement_lines.booked_date >= chained.start_date
                    else statement_lines.booked_date > chained.as_of_before
                end

        ) as moved

    from chained

)

select
    'balance' as kind,
    source_file,
    account_id,
    (closing_balance - (balance_from + moved))::decimal(18, 3) as amount,
    currency,
    format(
        'The balance does not add up: {} and lines of {} make not {} on {}. Off by {}: lines are missing, double, or were rejected.',
        regexp_replace(balance_from::varchar, '0$', ''),
        regexp_replace(moved::decimal(18, 3)::varchar, '0$', ''),
        regexp_replace(closing_balance::varchar, '0$', ''),
        as_of_date,
        regexp_replace((closing_balance - (balance_from + moved))::decimal(18, 3)::varchar, '0$', '')
    ) as sentence

from added_up

where closing_balance is not null
    and balance_from is not null
    and closing_balance != balance_from + moved
    and (opening_balance is not null or as_of_before < as_of_date)
    and (end_date is null or as_of_date <= end_date)

union all

select
    'gap' as kind,
    source_file,
    account_id,
    null as amount,
    currency,
    format(
        'No statement covers {} to {}: ask the bank for these days{}.',
        covered_until + 1,
        start_date - 1,
        case
            when closing_balance = balance_from + moved then ' (the balances agree across them, so nothing seems to be missing)'
            else ''
        end
    ) as sentence

from added_up

where tells_its_period
    and start_date > covered_until + 1

order by account_id, source_file, kind
