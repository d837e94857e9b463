-- By what a name is looked up: its rarest words, two by two, of one the whole and of the other all or an end; a rare word alone.
-- One row per (name, word, end of another word): all of it, its first two letters, its last two, or none where the word stands alone.
--
-- A word that many names share finds nobody alone: it would bring half the customers to every line.

with

ranked_words as (

    select
        name_id,
        word,
        count(*) over (partition by word) as names_with_word,
        count(*) over (partition by name_id) as words_in_name,
        row_number() over (partition by name_id order by weight desc, word) as rarity_place

    from match_name_weights

),

rare_words as (

    select * from ranked_words where rarity_place <= 3

),

paired as (

    select
        one.name_id,
        one.word,
        unnest([other.word, left(other.word, 2) || '-', '-' || right(other.word, 2)]) as other_end

    from rare_words as one

    inner join rare_words as other
        on one.name_id = other.name_id
        and one.word != other.word

)

select name_id, word, other_end

from paired

qualify count(*) over (partition by word, other_end) <= $names_alike_max

union

select name_id, word, ''

from rare_words

where names_with_word <= $rare_names_max
    or words_in_name = 1

order by name_id, word, other_end
