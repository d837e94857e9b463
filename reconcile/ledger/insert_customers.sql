-- Write the customers that are new or changed. One row per customer.

insert into customers

select
    $run_number as run_number,
    customer_id,
    name,
    iban,
    account,
    email,
    phone,
    parent_id,
    aliases

from (

    select customer_id, name, iban, account, email, phone, parent_id, aliases from told_customers

    except

    select customer_id, name, iban, account, email, phone, parent_id, aliases
    from current_customers

)
