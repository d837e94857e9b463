-- Lines whose payer is called just as a customer is: the same words in any order, no word more or less, legal forms aside; a suffix that
-- the customer's name has stands in the text, and no longer name of another customer stands there whole. One row per (line, name).
--
-- For these no name is sought by parts. What very many customers are called finds nobody.

with

line_names as (

    select
        line_id,
        string_agg(word, ' ' order by word) filter (is_payer_name and not is_legal_form and not is_suffix) as own_words,
        list(word order by word) as all_words

    from match_line_words

    group by line_id

),

names as (

    select
        name_id,
        list(distinct word order by word) filter (not is_suffix) as words,
        array_to_string(words, ' ') as own_words,
        coalesce(list(distinct word order by word) filter (is_suffix), []) as suffixes

    from match_name_words

    where not is_legal_form

    group by name_id

),

found as (

    select
        line_names.line_id,
        line_names.all_words,
        names.name_id

    from line_names

    inner join names
        on line_names.own_words = names.own_words

    where list_has_all(line_names.all_words, names.suffixes)

    qualify count(*) over (partition by line_names.line_id) <= $names_alike_max

),

-- Names that hold all words of another and more, looked up by its rarest word.
longer_names as (

    select distinct
        rarest_words.name_id,
        longer.words

    from (
        select name_id, arg_max(word, weight order by word) as word
        from match_name_weights
        semi join found using (name_id)
        group by name_id
    ) as rarest_words

    inner join names as shorter
        on rarest_words.name_id = shorter.name_id

    inner join match_name_weights as others
        on rarest_words.word = others.word
        and rarest_words.name_id != others.name_id

    inner join names as longer
        on others.name_id = longer.name_id

    where len(longer.words) > len(shorter.words)
        and list_has_all(longer.words, shorter.words)

)

select line_id, name_id

from found

where not exists (

    select 1

    from longer_names

    where longer_names.name_id = found.name_id
        and list_has_all(found.all_words, longer_names.words)

)

order by line_id, name_id
