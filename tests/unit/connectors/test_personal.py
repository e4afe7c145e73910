"""Identity numbers on their way out."""

import pytest
from tests import samples

from credit_bus.contracts.identity import seal
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.personal import Numbers, masked

SECRET = b"a secret of the tests, 32 bytes."
NUMBER = synthetic_resident_id(3)


class Ring(dict[str, bytes]):
    """Keys in memory."""

    def get_or_create(self, pseudonym: str) -> bytes:
        return self.setdefault(pseudonym, bytes(32))

    def find(self, pseudonym: str) -> bytes | None:
        return self.get(pseudonym)

    def destroy(self, pseudonym: str) -> bool:
        return self.pop(pseudonym, None) is not None

    def close(self) -> None:
        """Nothing is open."""


def check(expected: str | None, number: str | None) -> None:
    assert expected == masked(number)


def test_a_mask_never_shows_the_whole_nor_most_of_a_short_number() -> None:
    check(None, None)
    check(None, "")
    check("*", "1")
    check("****", "1234")
    check("***45", "12345")
    check("*******78", "E12345678")
    check("************34", "12345678901234")
    check("123********2345", "123456789012345")
    check(NUMBER[:3] + "***********" + NUMBER[-4:], NUMBER)


@pytest.mark.parametrize("length", range(1, 65))
def test_a_mask_hides_more_than_half(length: int) -> None:
    told = masked("7" * length)

    assert told is not None
    assert length == len(told)
    assert told.count("*") * 2 > length


def test_an_erased_person_is_a_reason_and_an_erased_representative_is_not() -> None:
    ring = Ring()
    sealed = seal(NUMBER, SECRET, ring)
    ring.clear()
    numbers = Numbers(lambda: ring)
    both = samples.subject(person_id=sealed, representative_id=sealed)

    opened = numbers.opened({"subject": both})

    assert ["number-erased"] == [reason.code for reason in opened.reasons]
    assert (None, None) == (
        opened.body["subject"]["person_id"],
        opened.body["subject"]["representative_id"],
    )


def test_a_box_under_another_pseudonym_does_not_open() -> None:
    ring = Ring()
    sealed = seal(NUMBER, SECRET, ring)
    other = seal(synthetic_resident_id(4), SECRET, ring)
    exchanged = {**sealed, "box": other["box"]}

    opened = Numbers(lambda: ring).opened({"subject": samples.subject(person_id=exchanged)})

    assert [("number-unreadable", "subject.person_id")] == [
        (reason.code, reason.field) for reason in opened.reasons
    ]


def test_a_number_is_opened_in_a_copy() -> None:
    ring = Ring()
    body = {"subject": samples.subject(person_id=seal(NUMBER, SECRET, ring)), "content": "x"}

    opened = Numbers(lambda: ring).opened(body)

    assert (NUMBER, ()) == (opened.body["subject"]["person_id"], opened.reasons)
    assert isinstance(body["subject"]["person_id"], dict)


def test_a_body_without_numbers_needs_no_key_store() -> None:
    def connect() -> Ring:
        raise AssertionError("not needed")

    for body in (samples.penalty_body(), {"action_id": "x"}):
        assert body is Numbers(connect).opened(body).body
