-- The embedded ledger. Append-only: no row is ever updated or deleted; what is current is the row with the highest run number.
-- Amounts are decimal(18, 3) in the row's own currency. Text that is not there is ''.

-- One row per run: a night, or what a person did between two nights (payments by hand, decisions about lines).
create table if not exists runs (
    run_number integer primary key,
    run_id varchar not null unique,
    kind varchar not null check (kind in ('night', 'payments', 'review')),
    as_of_date date not null,
    started_at timestamp not null,
    version varchar not null,
    policy_id varchar not null
);

-- One row per file and run: what was counted in its bytes and what became of it.
create table if not exists statement_files (
    run_number integer not null references runs (run_number),
    file_id varchar not null,
    source_file varchar not null,
    layout varchar not null,
    transactions_counted bigint not null,
    lines_new bigint not null,
    lines_repeated bigint not null,
    rows_rejected bigint not null,
    primary key (run_number, source_file, file_id)
);

-- One row per statement of a file, when the file first came.
create table if not exists statements (
    run_number integer not null references runs (run_number),
    file_id varchar not null,
    source_file varchar not null,
    statement_number bigint not null,
    account_id varchar not null,
    currency varchar not null,
    start_date date,
    end_date date,
    opening_balance decimal(18, 3),
    closing_balance decimal(18, 3),
    closing_date date,
    primary key (file_id, statement_number)
);

-- One row per booked entry of a bank account, however many files repeat it. The source is the file that brought it first.
create table if not exists statement_lines (
    line_id varchar primary key,
    run_number integer not null references runs (run_number),
    file_id varchar not null,
    source_file varchar not null,
    source_row bigint not null check (source_row >= 1),
    layout varchar not null,
    account_id varchar not null,
    booked_date date not null,
    value_date date,
    amount decimal(18, 3) not null,
    currency varchar not null,
    bank_reference varchar not null,
    transaction_type varchar not null,
    counterparty_name varchar not null,
    counterparty_account varchar not null,
    remittance_text varchar not null,
    payment_reference varchar not null,
    text_key varchar not null,
    ascii_key varchar not null
);

-- One row per transaction of a file that brought a line or repeated one.
create table if not exists line_sources (
    run_number integer not null references runs (run_number),
    file_id varchar not null,
    source_file varchar not null,
    source_row bigint not null,
    line_id varchar not null references statement_lines (line_id),
    primary key (run_number, file_id, source_file, source_row)
);

-- One row per transaction, or whole file (source_row null), that was not accepted in a run.
create table if not exists rejections (
    run_number integer not null references runs (run_number),
    source_file varchar not null,
    source_row bigint,
    reason varchar not null
);

-- One row per invoice or credit note and change of it, as the invoicing system's export said it.
create table if not exists invoices (
    run_number integer not null references runs (run_number),
    invoice_id varchar not null,
    invoice_number varchar not null,
    customer_id varchar not null,
    kind varchar not null check (kind in ('invoice', 'credit_note')),
    status varchar not null check (status in ('open', 'void', 'paid', 'draft')),
    issue_date date not null,
    due_date date not null,
    currency varchar not null,
    total decimal(18, 3) not null,
    amount_due decimal(18, 3) not null,
    creditor_reference varchar not null,
    purchase_order varchar not null,
    discount_date date,
    discount_percent decimal(18, 3),
    is_listed boolean not null,
    primary key (run_number, invoice_id)
);

-- One row per customer and change of it.
create table if not exists customers (
    run_number integer not null references runs (run_number),
    customer_id varchar not null,
    name varchar not null,
    iban varchar not null,
    account varchar not null,
    email varchar not null,
    phone varchar not null,
    parent_id varchar not null,
    aliases varchar not null,
    primary key (run_number, customer_id)
);

-- One row per invoice that a remittance advice lists, when the advice first came.
create table if not exists remittances (
    run_number integer not null references runs (run_number),
    remittance_id varchar not null,
    customer_id varchar not null,
    payment_reference varchar not null,
    payment_date date,
    payment_amount decimal(18, 3),
    invoice_number varchar not null,
    amount decimal(18, 3)
);

-- One row per decision about a line. A later decision of the same line stands over an earlier one that posted nothing.
create table if not exists decisions (
    decision_id varchar primary key,
    run_number integer not null references runs (run_number),
    line_id varchar not null references statement_lines (line_id),
    outcome varchar not null check (
        outcome in (
            'applied', 'short_paid', 'overpaid', 'duplicate', 'on_account',
            'returned', 'refund', 'review', 'unmatched', 'ignored'
        )
    ),
    customer_id varchar not null,
    applied decimal(18, 3) not null,
    on_account decimal(18, 3) not null,
    unapplied decimal(18, 3) not null,
    difference decimal(18, 3) not null,
    difference_kind varchar not null,
    returns_line_id varchar not null,
    rule varchar not null,
    explanation varchar not null,
    unique (run_number, line_id)
);

-- One row per note of a run: what a reader noted of a file, or of invoices that a system lists incompletely (no file). It rejects nothing.
create table if not exists file_notes (
    run_number integer not null references runs (run_number),
    note_number integer not null check (note_number >= 1),
    source_file varchar not null,
    note varchar not null,
    primary key (run_number, note_number)
);

-- One row per line and invoice that a decision posted or proposed. `amount` is cash; `residual` what was settled besides it.
create table if not exists allocations (
    allocation_id varchar primary key,
    run_number integer not null references runs (run_number),
    decision_id varchar not null references decisions (decision_id),
    line_id varchar not null references statement_lines (line_id),
    invoice_id varchar not null,
    invoice_number varchar not null,
    customer_id varchar not null,
    amount decimal(18, 3) not null,
    residual decimal(18, 3) not null,
    residual_kind varchar not null,
    currency varchar not null,
    state varchar not null check (state in ('posted', 'proposed')),
    probability decimal(18, 6) not null check (probability between 0 and 1),
    rule varchar not null,
    explanation varchar not null,
    reverses_id varchar not null
);

-- One row per explanation that was considered for a line in review, and why it lost.
create table if not exists considered (
    run_number integer not null references runs (run_number),
    line_id varchar not null references statement_lines (line_id),
    rank integer not null,
    invoice_ids varchar not null,
    invoice_numbers varchar not null,
    customer_id varchar not null,
    amount decimal(18, 3) not null,
    score decimal(18, 3) not null,
    probability decimal(18, 6) not null,
    rule varchar not null,
    why_not varchar not null,
    primary key (run_number, line_id, rank)
);

-- One row per side of a journal entry: debits positive, credits negative. An entry sums to zero in its currency.
create table if not exists journal (
    run_number integer not null references runs (run_number),
    entry_id varchar not null,
    decision_id varchar not null references decisions (decision_id),
    line_id varchar not null references statement_lines (line_id),
    booked_date date not null,
    account varchar not null check (
        account in (
            'bank', 'receivables', 'on_account', 'unapplied', 'bank_charges',
            'discounts', 'write_offs', 'refunds', 'not_receivable'
        )
    ),
    customer_id varchar not null,
    invoice_id varchar not null,
    amount decimal(18, 3) not null,
    currency varchar not null,
    reverses_id varchar not null
);

-- One row per event of a payment that a person recorded: money that no bank line of ours shows, or not yet. The fields are those of
-- the payment after the event; `amount` is what the event is about; the changes are what it moved: to the invoice, and in all.
create table if not exists payment_events (
    event_id varchar primary key,
    run_number integer not null references runs (run_number),
    payment_id varchar not null,
    event_number integer not null check (event_number >= 1),
    kind varchar not null check (
        kind in ('recorded', 'updated', 'deleted', 'refunded', 'failed', 'retried', 'credited', 'credit_applied')
    ),
    invoice_id varchar not null,
    customer_id varchar not null,
    currency varchar not null,
    amount decimal(18, 3) not null check (amount > 0),
    payment_amount decimal(18, 3) not null check (payment_amount > 0),
    applied_change decimal(18, 3) not null,
    received_change decimal(18, 3) not null,
    method varchar not null,
    payment_date date not null,
    reference varchar not null,
    notes varchar not null,
    reason varchar not null,
    who varchar not null,
    happened_at timestamp not null,
    request_id varchar not null,
    unique (payment_id, event_number)
);

-- One row per source and event that gave to a customer's credit or took from it. A source is what a payment brought beyond what was
-- owed (`excess`), what of a payment is kept for the customer (`kept`), or a bank line's money on account (`line`).
create table if not exists payment_credits (
    event_id varchar not null references payment_events (event_id),
    source_kind varchar not null check (source_kind in ('excess', 'kept', 'line')),
    source_id varchar not null,
    amount decimal(18, 3) not null check (amount != 0),
    primary key (event_id, source_kind, source_id)
);

-- One row per side of a payment event's journal entry: debits positive. Clearing holds what came or went beside our banks.
create table if not exists payment_journal (
    run_number integer not null references runs (run_number),
    entry_id varchar not null,
    event_id varchar not null references payment_events (event_id),
    booked_date date not null,
    account varchar not null check (account in ('clearing', 'receivables', 'on_account')),
    customer_id varchar not null,
    invoice_id varchar not null,
    amount decimal(18, 3) not null,
    currency varchar not null
);

-- The posted allocations that a person took back from their own line. One row per allocation.
create or replace view undone_allocations as
select
    allocations.allocation_id,
    reversals.allocation_id as reversal_id
from allocations
inner join allocations as reversals
    on allocations.allocation_id = reversals.reverses_id
    and allocations.line_id = reversals.line_id;

-- What settles invoices and credit notes, or opens them again. One row per posted allocation, or payment event that moved it.
create or replace view settlements as
select run_number, invoice_id, amount + residual as amount
from allocations
where state = 'posted'
union all
select run_number, invoice_id, applied_change
from payment_events
where applied_change != 0;

-- Each invoice or credit note as it was last told. One row per invoice.
create or replace view current_invoices as
select *
from invoices
qualify row_number() over (partition by invoice_id order by run_number desc) = 1;

-- Each customer as it was last told. One row per customer.
create or replace view current_customers as
select *
from customers
qualify row_number() over (partition by customer_id order by run_number desc) = 1;

-- What is decided about each line now. One row per line.
create or replace view current_decisions as
select decisions.*
from decisions
qualify row_number() over (partition by line_id order by run_number desc) = 1;

-- What gave to a customer's credit or took from it. One row per line that is decided, or source and payment event.
create or replace view credit_moves as
select
    current_decisions.customer_id,
    statement_lines.currency,
    statement_lines.booked_date as moved_date,
    case current_decisions.outcome when 'refund' then statement_lines.amount else current_decisions.on_account end as amount
from current_decisions
inner join statement_lines
    on current_decisions.line_id = statement_lines.line_id
union all
select payment_events.customer_id, payment_events.currency, payment_events.payment_date, payment_credits.amount
from payment_credits
inner join payment_events
    on payment_credits.event_id = payment_events.event_id;

-- One row per reminder that was sent: an invoice, its due date then, and the step of the schedule in days after it (before: negative).
create table if not exists reminders (
    invoice_id varchar not null,
    due_date date not null,
    step_days integer not null,
    customer_id varchar not null,
    remaining decimal(18, 3) not null check (remaining > 0),
    currency varchar not null,
    who varchar not null,
    sent_at timestamp not null,
    primary key (invoice_id, due_date, step_days)
);

-- One row per act of a person about a line: a decision of it, a second person's confirmation of one, or the undoing of one.
-- `is_waiting`: nothing came of it yet, since a second person must confirm. `confirms_id` is the waiting review that this one
-- confirms. `undoes_id` is the review that this one takes back; '' in an undo that takes back what a run decided by itself.
-- `decision_id` is the decision that came of it; '' where none did. `decided_at` is when the person decided, in UTC.
create table if not exists reviews (
    review_id varchar primary key,
    run_number integer not null references runs (run_number),
    line_id varchar not null references statement_lines (line_id),
    action varchar not null check (
        action in ('accept', 'reject', 'assign', 'on_account', 'write_off', 'not_receivable', 'undo')
    ),
    customer_id varchar not null,
    reason varchar not null,
    who varchar not null check (who != ''),
    decided_at timestamp not null,
    is_waiting boolean not null,
    confirms_id varchar not null,
    undoes_id varchar not null,
    decision_id varchar not null
);

-- One row per review and invoice that it speaks of: cash for the invoice, and what is settled besides it. A rejection and an undo
-- name the invoices that the line does not pay, or no longer.
create table if not exists review_items (
    review_id varchar not null references reviews (review_id),
    invoice_id varchar not null,
    amount decimal(18, 3) not null,
    residual decimal(18, 3) not null,
    primary key (review_id, invoice_id)
);

-- What people said that nobody has taken back since. One row per review that is no undo, and each undo of what a run decided.
create or replace view standing_reviews as
select reviews.*
from reviews
where (reviews.action != 'undo' or reviews.undoes_id = '')
    and not exists (

        select 1

        from reviews as undone

        where undone.undoes_id = reviews.review_id

    );

-- The decisions that wait for a second person. One row per review.
create or replace view waiting_reviews as
select standing_reviews.*
from standing_reviews
where standing_reviews.is_waiting
    and not exists (

        select 1

        from reviews as confirmations

        where confirmations.confirms_id = standing_reviews.review_id

    );

-- The invoices that a line does not pay, because a person said so: never proposed for it again. One row per line and invoice.
create or replace view rejected_pairs as
select distinct standing_reviews.line_id, review_items.invoice_id
from standing_reviews
inner join review_items
    on standing_reviews.review_id = review_items.review_id
where standing_reviews.action in ('reject', 'undo');

-- Accounts and names that people said pay for a customer, from decisions that stand. One row per kind, alias and customer.
-- `confirmations` counts the lines, `first_line_id` is the earliest said. An alias of several customers is evidence for none.
create or replace view payer_aliases as
with said as (
    select
        standing_reviews.line_id,
        standing_reviews.customer_id,
        standing_reviews.decided_at,
        unnest([
            struct_pack(kind := 'account', alias := statement_lines.counterparty_account),
            struct_pack(kind := 'name', alias := statement_lines.counterparty_name)
        ], recursive := true)
    from standing_reviews
    inner join statement_lines
        on standing_reviews.line_id = statement_lines.line_id
    where standing_reviews.action in ('accept', 'assign', 'on_account', 'write_off')
        and standing_reviews.decision_id != ''
        and standing_reviews.customer_id != ''
        and statement_lines.amount > 0
)

select
    kind,
    alias,
    customer_id,
    count(distinct line_id) as confirmations,
    arg_min(line_id, (decided_at, line_id)) as first_line_id,
    count(*) over (partition by kind, alias) > 1 as is_contested
from said
where alias != ''
group by kind, alias, customer_id;

-- The receipts that the bank has taken back. One row per receipt.
create or replace view returned_receipts as
select returns_line_id as receipt_line_id
from current_decisions
where outcome = 'returned';

-- One row per intent to record an allocation's cash in another system. `posting_id` is the key that the payment carries there;
-- `place` is the system's address and account, without a secret; the posting number is the order in which an invoice's are sent.
create table if not exists postings (
    posting_id varchar primary key,
    posting_number bigint not null unique,
    run_number integer not null references runs (run_number),
    allocation_id varchar not null references allocations (allocation_id),
    system varchar not null,
    place varchar not null,
    action varchar not null check (action in ('payment', 'take_back', 'credit_note')),
    invoice_id varchar not null,
    invoice_number varchar not null,
    amount decimal(18, 3) not null,
    currency varchar not null,
    payment_date date not null,
    takes_back_id varchar not null,
    notes varchar not null
);

-- One row per change of a posting's state. `held_before` are the payments that the system held before the posting was sent (a JSON
-- list of ids); `is_settled` says that a person has looked and decided. Instants are UTC.
create table if not exists posting_events (
    posting_id varchar not null references postings (posting_id),
    event_number integer not null,
    happened_at timestamp not null,
    state varchar not null check (state in ('pending', 'sent', 'confirmed', 'refused', 'unknown', 'conflict')),
    attempt integer not null,
    remote_id varchar not null,
    held_before varchar not null,
    is_settled boolean not null,
    detail varchar not null,
    primary key (posting_id, event_number)
);

-- One row per time that a process began to post. `file_number` is the ledger file's own number on its disk.
create table if not exists posters (
    fence integer primary key,
    file_number varchar not null,
    process_id bigint not null,
    taken_at timestamp not null
);

-- Where each posting stands now. One row per posting.
create or replace view current_postings as
select
    postings.*,
    latest.* exclude (posting_id)
from postings
inner join (
    select
        posting_id,
        max(event_number) as event_number,
        max_by(happened_at, event_number) as happened_at,
        max_by(state, event_number) as state,
        max_by(attempt, event_number) as attempt,
        max_by(remote_id, event_number) as remote_id,
        max_by(held_before, event_number) as held_before,
        max_by(is_settled, event_number) as is_settled,
        max_by(detail, event_number) as detail,
        bool_or(state = 'sent') as was_sent
    from posting_events
    group by posting_id
) as latest
    on postings.posting_id = latest.posting_id;

-- One row per run that posted to another system: where to, and why nothing more was posted ('' where all was tried).
create table if not exists posting_ends (
    run_number integer primary key references runs (run_number),
    system varchar not null,
    place varchar not null,
    stopped varchar not null
);

-- One row per invoice and difference between ledger and system, as a run that posted found them afterwards.
create table if not exists posting_differences (
    run_number integer not null references runs (run_number),
    difference_number integer not null check (difference_number >= 1),
    kind varchar not null,
    invoice_id varchar not null,
    invoice_number varchar not null,
    ledger_amount decimal(18, 3),
    remote_amount decimal(18, 3),
    currency varchar not null,
    sentence varchar not null,
    primary key (run_number, difference_number)
);
