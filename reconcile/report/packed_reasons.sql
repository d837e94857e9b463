-- Why explanations lost, with their invoices' numbers left out; the control character 28 stands for them. One row per candidate.

select
    place,
    case when invoice_numbers = '' then why_not else replace(why_not, invoice_numbers, chr(28)) end as why_not

from page_candidates

order by place
