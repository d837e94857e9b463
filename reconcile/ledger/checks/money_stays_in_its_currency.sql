-- A line pays only items in its own currency. Returns the allocations that break it.

select allocations.allocation_id, statement_lines.currency as line_currency, invoices.currency as invoice_currency

from allocations

inner join statement_lines
    on allocations.line_id = statement_lines.line_id

inner join invoices
    on allocations.invoice_id = invoices.invoice_id

where allocations.currency != statement_lines.currency
    or (invoices.currency != statement_lines.currency and invoices.run_number <= allocations.run_number)

order by allocation_id
