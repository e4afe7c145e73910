"""What the HTTP intake keeps: a real database, several processes at once."""

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from credit_bus.contracts.wire import Wire
from credit_bus_connectors.departments.http.request import Item, Name, State, Verdict
from credit_bus_connectors.departments.http.store import Store, Written

STATEMENTS = 300
ROUNDS = 30
PLACE = ("credit.replies.somebody", 0)


def test_who_begins_to_read_passes_over_nothing_that_another_has_still_to_read(
    database: str,
) -> None:
    with closing(Store(database)) as first, closing(Store(database)) as second:
        first.begin({PLACE: 10})

        assert {PLACE: 10} == second.begin({PLACE: 50})
        assert {PLACE: 10} == first.reading()


def test_receipts_that_come_while_a_request_is_marked_as_said_do_not_lock_it(
    database: str,
) -> None:
    with closing(Store(database)) as store:
        failed = [each for number in range(ROUNDS) for each in _mark_and_hear(store, number)]

    assert [] == failed


def _mark_and_hear(store: Store, number: int) -> list[Exception]:
    name = Name(party="somebody", key=str(number))
    traces = [f"{number:03}-{each:04}" for each in range(STATEMENTS)]
    _keep(store, name, traces)
    verdict = Verdict(event_id="e", state=State.ACCEPTED)
    told = dict.fromkeys(reversed(traces), verdict)
    return _at_once(lambda: store.mark_said(name), lambda: store.hear(told, {PLACE: 1}))


def _keep(store: Store, name: Name, traces: list[str]) -> None:
    wire = Wire(key=b"k", headers=[("h", b"v")], value=b"x")
    written = [
        Written(trace=trace, position=at, event_id="e", wire=wire)
        for at, trace in enumerate(traces)
    ]
    items = [Item(trace=trace) for trace in traces]
    now = datetime.now(UTC)
    assert store.keep(name, digest=b"d", received_at=now, items=items, written=written)


def _at_once(*works: Callable[[], None]) -> list[Exception]:
    failed: list[Exception] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - any is a failure of the test
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed
