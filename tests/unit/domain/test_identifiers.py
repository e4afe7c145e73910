"""Codes and numbers against published examples and their own check characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bus.domain.identifiers import (
    USCC_ALPHABET,
    USCC_NONE,
    NumberProblem,
    UsccProblem,
    case_number_is_valid,
    check_organisation_code,
    check_registration_number,
    check_resident_id,
    check_uscc,
    is_pseudonym,
    normalise_case_number,
    organisation_code_check_character,
    resident_id_check_character,
    subject_key,
    uscc_check_character,
)
from credit_bus.domain.registry import SubjectCategory
from credit_bus.domain.synthetic import (
    SYNTHETIC_CODES_MAX,
    SYNTHETIC_PERSONS_MAX,
    Kind,
    synthetic_resident_id,
    synthetic_uscc,
)

KINDS: tuple[Kind, ...] = ("company", "individual", "agency")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", UsccProblem.LENGTH),
        ("9162070299999999", UsccProblem.LENGTH),
        (USCC_NONE, UsccProblem.NONE),
        ("9111000060003734IL", UsccProblem.CHARACTERS),
        ("91110000600037341l", UsccProblem.CHARACTERS),
        ("９1110000600037341L", UsccProblem.CHARACTERS),
        ("00110000600037341L", UsccProblem.PREFIX),
        ("94110000600037341L", UsccProblem.PREFIX),
        ("91A10000600037341L", UsccProblem.PREFIX),
        ("91110000600037342L", UsccProblem.ORGANISATION_CHECK),
        ("91110000600037341K", UsccProblem.CHECK),
        ("91350211M0000XUF46", UsccProblem.CHECK),
        ("91110000101623741K", None),
        ("911101066976941872", None),
        ("91110000600037341L", None),
        ("91350100M000100Y43", None),
        ("9144030071526726XG", None),
        ("91440300708461136T", None),
        ("91330100799655058B", None),
        ("91620702999999998Q", None),
        ("92620702999999998M", None),
        ("93620702999999998J", None),
        ("11620702MA700000XM", None),
    ],
)
def test_a_code_has_the_problem_that_gb_32100_names(code: str, problem: UsccProblem | None) -> None:
    assert problem == check_uscc(code)


@pytest.mark.parametrize("prefix", ["A1", "N1", "N2", "N3", "Y1", "54", "55", "39"])
def test_authorities_of_the_amendment_and_of_old_data_are_known(prefix: str) -> None:
    first17 = f"{prefix}620702999999998"

    assert check_uscc(first17 + uscc_check_character(first17)) is None


def test_too_few_or_too_many_characters_have_no_check_character() -> None:
    for wrong in ("9" * 16, "9" * 18):
        with pytest.raises(ValueError, match="17"):
            uscc_check_character(wrong)


def test_the_true_check_character_of_the_sentinel_is_not_its_own() -> None:
    assert "0" == uscc_check_character(USCC_NONE[:17])


def test_the_check_character_of_a_code_is_where_the_standard_puts_it() -> None:
    assert "Q" == uscc_check_character("91620702999999998")
    assert "8" == organisation_code_check_character("99999999")


@given(st.integers(0, SYNTHETIC_CODES_MAX - 1), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_a_single_wrong_character_is_always_found(n: int, place: int, character: str) -> None:
    code = synthetic_uscc(n)
    mistyped = code[:place] + character + code[place + 1 :]

    assert (mistyped == code) == (check_uscc(mistyped) is None)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("10162374", NumberProblem.FORM),
        ("10162374-1", NumberProblem.FORM),
        ("1016237411", NumberProblem.FORM),
        ("101623742", NumberProblem.CHECK),
        ("101623741", None),
        ("M0000XUF4", None),
        ("71526726X", None),
    ],
)
def test_an_organisation_code_has_the_problem_that_gb_11714_names(
    code: str, problem: NumberProblem | None
) -> None:
    assert problem == check_organisation_code(code)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", NumberProblem.FORM),
        ("62070260001234", NumberProblem.FORM),
        ("62070260001234A", NumberProblem.FORM),
        ("310000400007843", NumberProblem.CHECK),
        ("620702600012345", NumberProblem.CHECK),
        ("110108000000016", None),
        ("440301103448669", None),
        ("440301103097413", None),
        ("330100400015575", None),
        ("110000002931221", None),
        ("6207022000123", None),
    ],
)
def test_an_old_registration_number_has_its_problem(
    number: str, problem: NumberProblem | None
) -> None:
    assert problem == check_registration_number(number)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", NumberProblem.FORM),
        ("99999919000101000", NumberProblem.FORM),
        ("99999919000101000x", NumberProblem.FORM),
        ("９99999190001010007", NumberProblem.FORM),
        ("999999190002300001", NumberProblem.DATE),
        ("999999190001010008", NumberProblem.CHECK),
        ("999999190001010007", None),
    ],
)
def test_an_identity_number_has_the_problem_that_gb_11643_names(
    number: str, problem: NumberProblem | None
) -> None:
    assert problem == check_resident_id(number)


@given(st.integers(0, SYNTHETIC_PERSONS_MAX - 1))
def test_the_check_of_an_identity_number_agrees_with_its_other_formula(n: int) -> None:
    first17 = synthetic_resident_id(n)[:17]
    expected = "0123456789X"[(1 - 2 * int(first17, 13)) % 11]

    assert expected == resident_id_check_character(first17)


@pytest.mark.parametrize(
    ("number", "normal"),
    [
        ("(2017)渝0107执4344号", "（2017）渝0107执4344号"),
        ("（2017）渝0107执4344号", "（2017）渝0107执4344号"),
        (" （2017)渝0107 执4344号\n", "（2017）渝0107执4344号"),
    ],
)
def test_a_case_has_one_number_whichever_brackets_are_typed(number: str, normal: str) -> None:
    assert normal == normalise_case_number(number)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("", False),
        ("渝0107执4344号", False),
        ("（17）渝0107执4344号", False),
        ("（2017）渝0107执4344", False),
        ("（2017）渝0107执号", False),
        ("（2017）渝0107执4344号", True),
        ("（2026）甘0702执恢12号", True),
        ("（2026）甘0702执12号之一", True),
        ("（2026）最高法执监1号", True),
    ],
)
def test_a_case_number_has_the_courts_shape(number: str, valid: bool) -> None:
    assert valid == case_number_is_valid(number)


@pytest.mark.parametrize(
    ("category", "uscc", "pseudonym", "key"),
    [
        (SubjectCategory.ORGANISATION, USCC_NONE, "p", None),
        (SubjectCategory.ORGANISATION, None, "p", None),
        (SubjectCategory.ORGANISATION, "u", "p", "u"),
        (SubjectCategory.INDIVIDUAL_BUSINESS, USCC_NONE, "p", "p"),
        (SubjectCategory.INDIVIDUAL_BUSINESS, None, None, None),
        (SubjectCategory.INDIVIDUAL_BUSINESS, "u", "p", "u"),
        (SubjectCategory.NATURAL_PERSON, "u", "p", "p"),
        (SubjectCategory.NATURAL_PERSON, "u", None, None),
    ],
)
def test_a_person_is_never_keyed_by_a_code_and_the_sentinel_never_keys(
    category: SubjectCategory, uscc: str | None, pseudonym: str | None, key: str | None
) -> None:
    assert key == subject_key(category=category, uscc=uscc, pseudonym=pseudonym)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("AB" * 32, False),
        ("ab" * 31, False),
        ("ab" * 32 + "\n", False),
        ("ab" * 32, True),
    ],
)
def test_a_pseudonym_is_64_lower_case_hex_digits(text: str, expected: bool) -> None:
    assert expected == is_pseudonym(text)


def test_made_up_numbers_beyond_the_range_are_refused() -> None:
    for n in (-1, SYNTHETIC_CODES_MAX):
        with pytest.raises(ValueError, match="made-up code"):
            synthetic_uscc(n)
    for n in (-1, SYNTHETIC_PERSONS_MAX):
        with pytest.raises(ValueError, match="made-up person"):
            synthetic_resident_id(n)


@given(st.integers(0, SYNTHETIC_CODES_MAX - 1), st.sampled_from(KINDS))
def test_a_made_up_code_is_right_and_names_nobody(n: int, kind: Kind) -> None:
    code = synthetic_uscc(n, kind)

    assert check_uscc(code) is None
    assert "62070299999" == code[2:13]


def test_made_up_codes_differ() -> None:
    codes = {synthetic_uscc(n, kind) for n in range(1000) for kind in KINDS}

    assert 3000 == len(codes)


@given(st.integers(0, SYNTHETIC_PERSONS_MAX - 1))
def test_a_made_up_person_is_right_and_names_nobody(n: int) -> None:
    number = synthetic_resident_id(n)

    assert check_resident_id(number) is None
    assert ("999999", "000") == (number[:6], number[14:17])


def test_made_up_persons_are_born_in_one_century() -> None:
    assert "999999190001010007" == synthetic_resident_id(0)
    assert "19991231" == synthetic_resident_id(SYNTHETIC_PERSONS_MAX - 1)[6:14]
