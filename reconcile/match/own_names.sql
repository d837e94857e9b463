-- Lines whose payer is called just as a customer is: the same words in any order, no word more or less, legal forms aside; a suffix that
-- the customer's name has stands in the text. One row per (line, name).
--
-- No other name could be likelier, so none is looked for. What very many customers are called finds nobody.

with

line_names as (

    select line_id, string_agg(word, ' ' order by word) as own_words

    from match_line_words

    where is_payer_name
        and not is_legal_form
        and not is_suffix

    group by line_id

),

names as (

    select
        name_id,
        string_agg(distinct word, ' ' order by word) filter (not is_suffix) as own_words,
        coalesce(list(distinct word) filter (is_suffix), []) as suffixes

    from match_name_words

    where not is_legal_form

    group by name_id

)

select line_names.line_id, names.name_id

from line_names

inner join names
    on line_names.own_words = names.own_words

where len(names.suffixes) = 0
    or names.suffixes = (

        select list(match_line_words.word)

        from match_line_words

        where match_line_words.line_id = line_names.line_id
            and list_contains(names.suffixes, match_line_words.word)

    )

qualify count(*) over (partition by line_names.line_id) <= $names_alike_max

order by line_names.line_id, names.name_id
