-- What the words of a customer's names weigh: a word that few names have says more. Legal forms and suffixes say nothing.
-- One row per (name, word).

with

vocabulary as (

    select
        word,
        ln(1.0 + (select count(*) from match_names) / count(distinct name_id)) as weight

    from match_name_words

    where not is_legal_form
        and not is_suffix

    group by word

)

select
    match_name_words.name_id,
    match_name_words.word,
    max(vocabulary.weight) as weight

from match_name_words

inner join vocabulary
    on match_name_words.word = vocabulary.word

where not match_name_words.is_legal_form
    and not match_name_words.is_suffix

group by match_name_words.name_id, match_name_words.word

order by match_name_words.name_id, match_name_words.word
