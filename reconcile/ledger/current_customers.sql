-- The customers as they were last told. One row per customer.

select * exclude (run_number)

from customers

qualify row_number() over (partition by customer_id order by run_number desc) = 1

order by customer_id
