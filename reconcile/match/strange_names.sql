-- Words of the payer's name that a likely name does not have: another company's, or a longer name. One row per (line, name).

with

-- What banks write themselves: the words known as such, and words of many lines that no customer is called by.
bank_words as (

    select word

    from match_bank_words

    union

    select word

    from match_line_words

    where not exists (select 1 from match_name_weights where match_name_weights.word = match_line_words.word)

    group by word

    having count(distinct line_id) > 5 + 0.01 * (select count(*) from match_all_lines)

)

select
    match_name_coverage.line_id,
    match_name_coverage.name_id,
    count(*) as strange_words

from match_name_coverage

inner join match_sought_words
    on match_name_coverage.line_id = match_sought_words.line_id

where not match_sought_words.is_legal_form
    and not match_sought_words.is_suffix
    and length(match_sought_words.word) >= 3
    and (
        match_sought_words.is_payer_name
        or (
            not match_sought_words.has_payer_name
            and exists (select 1 from match_name_weights where match_name_weights.word = match_sought_words.word)
        )
    )
    and not exists (select 1 from bank_words where bank_words.word = match_sought_words.word)
    and not exists (

        select 1

        from match_name_words

        where match_name_words.name_id = match_name_coverage.name_id
            and (
                starts_with(match_name_words.word, match_sought_words.word)
                or (
                    length(match_sought_words.word) >= 4
                    and abs(length(match_name_words.word) - length(match_sought_words.word)) <= 1
                    and damerau_levenshtein(match_name_words.word, match_sought_words.word) <= 1
                )
                or (
                    length(match_sought_words.word) <= 4
                    and length(match_name_words.word) >= 2 * length(match_sought_words.word)
                    and left(match_name_words.word, 1) = left(match_sought_words.word, 1)
                    and right(match_name_words.word, 1) = right(match_sought_words.word, 1)
                    and match_name_words.word like rtrim(regexp_replace(match_sought_words.word, '(.)', '\1%', 'g'), '%')
                )
            )

    )
    and not exists (

        select 1

        from match_run_together

        where match_run_together.line_id = match_name_coverage.line_id
            and match_run_together.name_id = match_name_coverage.name_id
            and match_run_together.word = match_sought_words.word

    )

group by match_name_coverage.line_id, match_name_coverage.name_id

order by line_id, name_id
