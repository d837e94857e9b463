-- Lines whose payer is called just as a customer is: the same words in any order, no word more or less, legal forms aside; a suffix that
-- the customer's name has stands in the text, and no word of another customer's name stands there besides. One row per (line, name).
--
-- For these no name is sought by parts. Of several such customers one who is called so to the letter, legal form and all, is the one.
-- What very many customers are called finds nobody.

with

line_names as (

    select
        line_id,
        string_agg(word, ' ' order by word) as own_words

    from match_line_words

    where is_payer_name
        and not is_legal_form
        and not is_suffix

    group by line_id

),

line_suffixes as (

    select line_id, list(word) as suffixes

    from match_line_words

    where is_suffix

    group by line_id

),

names as (

    select
        name_id,
        string_agg(distinct word, ' ' order by word) filter (not is_suffix) as own_words,
        coalesce(list(distinct word order by word) filter (is_suffix), []) as suffixes

    from match_name_words

    where not is_legal_form

    group by name_id

),

-- Lines that may name somebody else besides: a longer name of which the payer's is a part, or another party.
names_more as (

    select match_line_words.line_id

    from match_line_words

    semi join match_name_weights
        on match_line_words.word = match_name_weights.word

    where not match_line_words.is_payer_name

)

select line_names.line_id, names.name_id

from line_names

inner join names
    on line_names.own_words = names.own_words

inner join match_names
    on names.name_id = match_names.name_id

inner join match_all_lines
    on line_names.line_id = match_all_lines.line_id

left join line_suffixes
    on line_names.line_id = line_suffixes.line_id

anti join names_more
    on line_names.line_id = names_more.line_id

where len(names.suffixes) = 0
    or list_has_all(line_suffixes.suffixes, names.suffixes)

qualify count(*) over (partition by line_names.line_id) <= $names_alike_max
    and rank() over (
        partition by line_names.line_id order by match_names.full_compact_name = match_all_lines.name_key desc
    ) = 1

order by line_names.line_id, names.name_id
