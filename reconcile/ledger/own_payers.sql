-- The accounts and names that the customers' own data give, by their letters and digits alone. One row per (kind, alias, customer).

with

-- Nothing is held against them until people have taught something.
customers_asked_about as (

    select *

    from current_customers

    where exists (select 1 from reviews)

),

told as (

    select
        customer_id,
        case when parent_id = '' then customer_id else parent_id end as family_id,
        unnest([
            struct_pack(kind := 'account', text := iban),
            struct_pack(kind := 'account', text := account),
            struct_pack(kind := 'name', text := name)
        ], recursive := true)

    from customers_asked_about

    union all

    select
        customer_id,
        case when parent_id = '' then customer_id else parent_id end as family_id,
        'name' as kind,
        unnest(string_split(aliases, '|')) as text

    from customers_asked_about

    where aliases != ''

)

select distinct
    kind,
    upper(regexp_replace(strip_accents(text), '[^\p{L}\p{N}]', '', 'g')) as alias,
    customer_id,
    family_id

from told

where text != ''
