"""The key store on a real PostgreSQL: one key for a subject, erased for good when destroyed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from credit_bus.contracts.identity import KeyStore, pseudonym, seal, unseal
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors import keys as keys_module
from credit_bus_connectors.keys import KEY_BYTES, PostgresKeyStore, WrongSecretError

SECRET = b"s" * 32
NUMBER = synthetic_resident_id(20_000)
NAME = pseudonym(NUMBER, SECRET)

Open = Callable[..., PostgresKeyStore]


@pytest.fixture
def open_store(database: str) -> Iterator[Open]:
    opened: list[PostgresKeyStore] = []

    def make(secret: bytes = SECRET) -> PostgresKeyStore:
        opened.append(PostgresKeyStore(database, secret=secret))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def test_another_secret_opens_no_key(open_store: Open) -> None:
    open_store().get_or_create(NAME)

    with pytest.raises(WrongSecretError, match="identity secret"):
        open_store(b"t" * 32).find(NAME)


def test_a_key_never_made_is_none(open_store: Open) -> None:
    store = open_store()

    assert store.find(NAME) is None
    assert not store.destroy(NAME)


def test_destroying_a_key_erases_what_it_sealed_in_every_process(open_store: Open) -> None:
    here, there = open_store(), open_store()
    sealed = seal(NUMBER, SECRET, here)
    assert NUMBER == unseal(sealed, there)

    assert there.destroy(NAME)

    assert unseal(sealed, here) is None
    assert not here.destroy(NAME)


def test_the_table_holds_no_key_in_clear(open_store: Open, database: str) -> None:
    key = open_store().get_or_create(NAME)

    with psycopg.connect(database) as connection:
        (wrapped,) = connection.execute("SELECT wrapped_key FROM keyring.subject_key").fetchone()
    assert KEY_BYTES == len(key)
    assert key not in wrapped


def test_a_wrapped_key_moved_to_another_subject_does_not_open(
    open_store: Open, database: str
) -> None:
    store = open_store()
    store.get_or_create(NAME)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE keyring.subject_key SET pseudonym = 'other'")

    with pytest.raises(WrongSecretError):
        store.find("other")


def test_many_at_once_agree_on_one_key(open_store: Open) -> None:
    names = [f"p{number}" for number in range(50)]
    stores = [open_store() for _ in range(4)]

    with ThreadPoolExecutor(len(stores)) as pool:
        answers = list(pool.map(lambda store: store.get_or_create_many(names), stores))

    assert all(answers[0] == answer for answer in answers)
    assert sorted(names) == sorted(answers[0])
    assert len(names) == len(set(answers[0].values()))


def test_the_cache_is_bounded_and_loses_no_key(
    open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "CACHED_KEYS_MAX", 3)
    monkeypatch.setattr(keys_module, "PSEUDONYMS_PER_QUERY_MAX", 2)
    names = [f"p{number}" for number in range(10)]
    store = open_store()

    first = store.get_or_create_many(names)

    assert first == store.get_or_create_many(names)
    assert first == store.find_many(names)


def test_it_is_the_key_store_that_sealing_asks_for(open_store: Open) -> None:
    store: KeyStore = open_store()

    assert NUMBER == unseal(seal(NUMBER, SECRET, store), store)
