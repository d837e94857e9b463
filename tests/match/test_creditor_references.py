"""Structured creditor references: check digits prove them, and a wrong one is a typo, not a reference."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.match.creditor_references import FOUND_COLUMNS, cores, found_in, is_unmistakable, kinds

DIGITS = "0123456789"
LUHN_DOUBLED = "0246813579"
QRR_CARRIES = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weights[place % len(weights)] for place, digit in enumerate(reversed(digits)))


def luhn_digit(payload: str) -> str:
    total = sum(int(digit if place % 2 else LUHN_DOUBLED[int(digit)]) for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def mod_11_digit(payload: str) -> str | None:
    """None where the check digit would be 10."""
    check = -weighted(payload, (2, 3, 4, 5, 6, 7)) % 11
    return str(check) if check < 10 else None


def rf(payload: str) -> str:
    as_number = "".join(str(int(character, 36)) for character in payload + "RF00")
    return f"RF{98 - int(as_number) % 97:02d}{payload}"


def qrr(payload: str) -> str:
    carry = 0
    for digit in payload.zfill(26):
        carry = QRR_CARRIES[(carry + int(digit)) % 10]
    return payload.zfill(26) + str(-carry % 10)


def ogm(payload: str) -> str:
    return f"{payload.zfill(10)}{int(payload) % 97 or 97:02d}"


def viite(payload: str) -> str:
    return payload + str(-weighted(payload, (7, 3, 1)) % 10)


def ocr(payload: str) -> str:
    return payload + luhn_digit(payload)


def ocr_with_length(payload: str) -> str:
    return ocr(payload + str((len(payload) + 2) % 10))


def numbers(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=shortest, max_size=longest).filter(lambda digits: digits.strip("0"))


MADE_UP = {
    "rf": st.text("0123456789ABCXYZ", min_size=1, max_size=21).filter(lambda payload: payload.strip("0")).map(rf),
    "qrr": numbers(26).map(qrr),
    "ogm": numbers(10).map(ogm),
    "viite": numbers(19, shortest=3).map(viite),
    "ocr": numbers(24).map(ocr),
}


def changed(reference: str, place: int, by: int) -> str:
    """The reference with one digit changed: the next one at or after this place, by 1 to 9."""
    places = [at for at, character in enumerate(reference) if character.isdigit()]
    at = places[place % len(places)]
    return reference[:at] + str((int(reference[at]) + by) % 10) + reference[at + 1 :]


def found(*texts: str | None) -> list[tuple[int, str, str, str]]:
    """What is found in lines 0, 1 ..."""
    names = list(range(len(texts)))
    return found_in(pl.DataFrame({"line_id": names, "text": texts}, schema_overrides={"text": pl.String})).rows()


def references(text: str, kind: str) -> set[str]:
    return {reference for _, reference, found_kind, _ in found(text) if found_kind == kind}


@pytest.mark.parametrize("kind", MADE_UP)
@given(st.data())
def test_right_check_digits_make_a_reference_valid(kind, data):
    assert kind in kinds(data.draw(MADE_UP[kind]))


@pytest.mark.parametrize("kind", MADE_UP)
@given(st.data(), st.integers(0, 30), st.integers(1, 9))
def test_a_reference_with_any_one_digit_changed_is_invalid(kind, data, place, by):
    assert kind not in kinds(changed(data.draw(MADE_UP[kind]), place, by))


@given(numbers(24), st.sampled_from(DIGITS))
def test_a_kid_is_valid_with_the_check_digit_of_modulus_10_or_11_and_with_no_other(payload, check):
    assert ("kid" in kinds(payload + check)) == (check in {luhn_digit(payload), mod_11_digit(payload)})


@given(numbers(24), st.integers(0, 30), st.integers(1, 9))
def test_a_kid_with_one_digit_changed_fails_the_modulus_that_it_passed(payload, place, by):
    """It may pass the other one: which of the two is meant is known to the issuer only."""
    wrong = changed(payload + luhn_digit(payload), place, by)

    assert ("kid" in kinds(wrong)) == (wrong[-1] == mod_11_digit(wrong[:-1]) and bool(wrong[:-1].strip("0")))


@pytest.mark.parametrize(
    ("kind", "reference", "core"),
    [
        ("rf", "RF18539007547034", "539007547034"),  # SIX, Swiss QR-bill guidelines
        ("rf", "RF712348231", "2348231"),
        ("rf", "RF45G72UUR", "G72UUR"),  # with letters
        ("qrr", "210000000003139471430009017", "21000000000313947143000901"),  # SIX, Swiss QR-bill guidelines
        ("ogm", "010806817183", "108068171"),  # Febelfin
        ("ogm", "090933755493", "909337554"),
        ("kid", "12344", "1234"),  # modulus 10
        ("kid", "12343", "1234"),  # modulus 11
        ("viite", "1234561", "123456"),  # Finance Finland, domestic reference
        ("viite", "00000000000001234561", "123456"),  # the same, as machines write it
        ("ocr", "1230", "123"),  # by Bankgirot's manual, with check digit
        ("ocr", "12351", "123"),  # and with length and check digit
    ],
)
def test_a_published_reference_is_valid_and_carries_its_digits(kind, reference, core):
    assert kind in kinds(reference)
    assert core in cores(reference)


@pytest.mark.parametrize(
    "reference",
    ["RF19539007547034", "210000000003139471430009016", "010806817180", "12342", "1234562", "1231"],
)
def test_a_wrong_check_digit_is_a_typo_and_carries_nothing(reference):
    assert kinds(reference) == frozenset()
    assert cores(reference) == ()
    assert not is_unmistakable(reference)


@pytest.mark.parametrize(
    ("kind", "reference"),
    [
        ("rf", "RF18"),
        ("rf", rf("1" * 22)),
        ("qrr", qrr("1")[1:]),
        ("ogm", ogm("1")[1:]),
        ("kid", ocr("1" * 25)),
        ("viite", viite("12")),
        ("viite", viite("1" * 20)),
        ("ocr", ocr("1" * 25)),
        ("ocr", "7"),
    ],
)
def test_a_reference_of_the_wrong_length_is_invalid(kind, reference):
    assert kind not in kinds(reference)


@pytest.mark.parametrize("reference", ["0" * 27, "0" * 6, rf("000"), "00"])
def test_zeros_only_stand_for_no_reference(reference):
    assert kinds(reference) == frozenset()


def test_an_ogm_whose_payload_is_zeros_only_stands_for_no_reference():
    assert "ogm" not in kinds("000000000097")


@pytest.mark.parametrize(
    "reference",
    [
        "",
        " ",
        "RF",
        "١٢٣٤",
        "RF18٥٣٩٠٠٧٥٤٧٠٣٤",
        "１２３４４",
        "12²4",
        "rf18539007547034",
        "RF18 5390 0754 7034",
        "-12344",
        "1234561\n",
        "1" * 1_000_000,
        "RF18" + "A" * 1_000_000,
    ],
    ids=lambda reference: repr(reference[:20]),
)
def test_what_is_no_compact_reference_is_invalid(reference):
    assert kinds(reference) == frozenset()
    assert cores(reference) == ()


@pytest.mark.parametrize("reference", ["RF18539007547034", "210000000003139471430009017", "010806817183"])
def test_a_reference_that_hardly_happens_by_chance_is_unmistakable(reference):
    assert is_unmistakable(reference)


@pytest.mark.parametrize("reference", ["12344", "1234561", "123067"])
def test_a_single_check_digit_proves_little(reference):
    assert kinds(reference)
    assert not is_unmistakable(reference)


@given(numbers(23))
def test_an_ocr_number_carries_its_number_with_and_without_the_length_digit(payload):
    length_digit = str((len(payload) + 2) % 10)

    assert {payload.lstrip("0"), (payload + length_digit).lstrip("0")} <= set(cores(ocr_with_length(payload)))


def test_an_ocr_number_whose_last_but_one_digit_is_not_its_length_keeps_that_digit():
    assert cores("123455") == ("12345",)
    assert cores(ocr("12344")) == ("12344",)


@given(st.one_of(*MADE_UP.values()))
def test_a_core_has_no_leading_zeros_and_is_part_of_its_reference(reference):
    for core in cores(reference):
        assert core
        assert not core.startswith("0")
        assert core in reference


def test_a_reference_of_several_kinds_carries_the_digits_of_each_once():
    assert kinds("12344") == {"kid", "viite", "ocr"}
    assert cores("12344") == ("1234",)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("RF18539007547034", ("RF18539007547034", "rf", "539007547034")),
        ("REF:RF18 5390 0754 7034 INVOICE 12 MAY", ("RF18539007547034", "rf", "539007547034")),
        ("RF 18 5390-0754-7034, THANKS", ("RF18539007547034", "rf", "539007547034")),
        ("RF45 G72U UR", ("RF45G72UUR", "rf", "G72UUR")),
        ("21 00000 00003 13947 14300 09017", ("210000000003139471430009017", "qrr", "21000000000313947143000901")),
        ("/210 0000 0000 3139 4714 3000 9017/", ("210000000003139471430009017", "qrr", "21000000000313947143000901")),
        ("2026 210000000003139471430009017", ("210000000003139471430009017", "qrr", "21000000000313947143000901")),
        ("+++090/9337/55493+++", ("090933755493", "ogm", "909337554")),
        ("***090/9337/55493***", ("090933755493", "ogm", "909337554")),
        ("FACTUUR 090 9337 55493", ("090933755493", "ogm", "909337554")),
        ("VIITE 1234561", ("1234561", "viite", "123456")),
        ("KID:1234566", ("1234566", "kid", "123456")),
        ("OCR 123067", ("123067", "ocr", "12306")),
        ("OCR 123067.", ("123067", "ocr", "12306")),
    ],
)
def test_a_reference_is_found_however_it_is_written(text, row):
    assert (0, *row) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "RF19 5390 0754 7034",
        "ERF18539007547034",
        "21 00000 00003 13947 14300 09016",
        "1210000000003139471430009017",
        "+++090/9337/55494+++",
        "1090933755493444444444444444",
        "INV 12344 AND 1230",
        "12 34561",
        "A1234561",
        "1234561B",
        "1234561.50",
        "١1234561",
        "",
        "THANKS FOR THE FLOWERS",
        None,
    ],
)
def test_nothing_is_found_where_a_check_digit_is_wrong_or_the_digits_are_no_word_of_their_own(text):
    assert found(text) == []


@given(MADE_UP["rf"])
def test_an_rf_reference_is_found_in_its_printed_groups(reference):
    """Where each group has a digit: a group of letters could be a word of the text."""
    groups = [reference[at : at + 4] for at in range(0, len(reference), 4)]
    written = " ".join(groups) if all(any(c.isdigit() for c in group) for group in groups) else reference

    assert reference in references(f"PAID {written}, THANKS", "rf")


def test_words_behind_an_rf_reference_are_no_part_of_it():
    assert references("RF18 5390 0754 7034 FOR MAY", "rf") == {"RF18539007547034"}
    assert references("RF45 G72U UR THANKS", "rf") == {"RF45G72UUR"}


def test_two_references_beside_each_other_are_both_found():
    assert references("RF18 5390 0754 7034 RF71 2348 231", "rf") == {"RF18539007547034", "RF712348231"}
    assert references("010806817183 090933755493", "ogm") == {"010806817183", "090933755493"}


def test_digits_divided_into_groups_are_no_kid_viite_or_ocr_though_their_check_digit_is_right():
    assert {kind for _, _, kind, _ in found("+++090/9337/55493+++")} == {"ogm"}


def test_each_reference_stands_once_for_each_of_its_lines():
    assert found("VIITE 1234561 / 1234561", "NOTHING", "1234561") == [
        (0, "1234561", "viite", "123456"),
        (2, "1234561", "viite", "123456"),
    ]


@pytest.mark.parametrize("texts", [[], [None], ["NOTHING HERE", "INV-1001"]])
def test_a_frame_without_references_gives_an_empty_frame_of_the_same_shape(texts):
    frame = pl.DataFrame(
        {"line_id": list(range(len(texts))), "text": texts},
        schema={"line_id": pl.Int64, "text": pl.String},
    )

    assert found_in(frame).schema == FOUND_COLUMNS
    assert found_in(frame).is_empty()


@pytest.mark.parametrize(
    "text",
    ["1" * 1_000_000, "1 " * 500_000, "RF11 " * 200_000, "RF" * 500_000, "RF11 " + "A1 " * 300_000, "٣" * 1_000_000],
    ids=lambda text: repr(text[:8]),
)
def test_a_text_of_a_million_characters_is_read_without_a_find(text):
    assert found(text) == []


@given(st.text(st.sampled_from("RF0123456789 +/.-,AÉ٣\n"), max_size=80))
def test_whatever_is_found_is_valid_and_carries_what_is_said(text):
    for line_id, reference, kind, core in found(text):
        assert line_id == 0
        assert kind in kinds(reference)
        assert core in cores(reference)
