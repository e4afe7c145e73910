"""Nothing of an event, of a person or of a library's error text reaches a log line."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import samples

from credit_bus.contracts.wire import Message
from credit_bus.domain.rules import RULES
from credit_bus.flows.refusals import GATE_RULES
from credit_bus.log_fields import FIELDS, HIDDEN, UNLISTED, only_listed
from credit_bus.logs import configure_logs, logger, told_of
from credit_bus.metrics.labels import LABELS
from credit_bus.runtime.batch import gate_batch
from credit_bus_connectors.web.guard import Guard

NAMES = st.text(alphabet="张王李赵甘州区信用建材有限公司", min_size=2, max_size=12)
NUMBERS = st.one_of(
    st.from_regex(r"[1-6][0-9]{16}[0-9X]", fullmatch=True),
    st.from_regex(r"[1-6][0-9]{14}", fullmatch=True),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"9[1-3]62070[0-9][0-9A-HJ-NPQRTUWXY]{10}", fullmatch=True),
)
# A label or a suffix written to it without a space hides no number.
GLUED = st.tuples(
    st.sampled_from(["ID", "No", "tel", ""]), NUMBERS, st.sampled_from(["", "a.xlsx"])
)
DIGESTS = st.binary(min_size=16, max_size=32).map(bytes.hex)
SECRETS = st.one_of(NAMES, NUMBERS, DIGESTS)

Way = Callable[[str], None]


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def written_by(way: Way, secret: str) -> str:
    """Return what a way of logging writes to standard error."""
    stream, before = io.StringIO(), sys.stderr
    sys.stderr = stream
    try:
        configure_logs("DEBUG")
        way(secret)
    finally:
        sys.stderr = before
    return stream.getvalue()


def raised(error: BaseException) -> BaseException:
    """Return the error as one that was raised, with a cause that quotes the same."""
    try:
        try:
            raise KeyError(*error.args)
        except KeyError as cause:
            raise error from cause
    except type(error) as caught:
        return caught


def as_a_field(secret: str) -> None:
    logger().info("batch.committed", body={"name": secret}, subject=secret, key=secret.encode())


def as_a_field_s_name(secret: str) -> None:
    logger().info("batch.committed", **{secret: 1})


def bound(secret: str) -> None:
    logger(subject=secret).warning("batch.committed", read=3)


def in_the_place_of_a_word(secret: str) -> None:
    logger().info("batch.committed", party=secret, topic=f"x {secret}", partitions=[secret])
    logger().info("batch.committed", refused={secret: 1}, written={"credit.records": secret})


def in_our_own_text(secret: str) -> None:
    logger().error("worker.failed", error=f"it was {secret} who", why=secret, event_body=secret)


def as_the_event(secret: str) -> None:
    logger().error(f"failed for {secret}")


def as_a_library_s_error(secret: str) -> None:
    error = raised(psycopg.errors.UniqueViolation(f"Key (name)=({secret}) already exists."))
    logger().error("worker.failed", **told_of(error))


def as_a_key_error(secret: str) -> None:
    logger().error("worker.failed", **told_of(raised(KeyError(secret))))


def in_a_library_s_arguments(secret: str) -> None:
    library = logging.getLogger("psycopg.pool")
    library.warning("error connecting in %r: %s", secret, ValueError(secret))
    library.warning("%d rows of %s", "three", secret)
    library.warning("row %(row)s", {"row": {"name": secret}})


def in_a_library_s_own_words(secret: str) -> None:
    logging.getLogger("kafka.coordinator").error(f"cannot decode {secret} in a batch")
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {secret}")


def in_a_library_s_traceback(secret: str) -> None:
    try:
        raise ValueError(f"bad value {secret}")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")


def in_a_task_that_nobody_awaits(secret: str) -> None:
    async def fails() -> None:
        raise ValueError(secret)

    async def forget() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(fails())
        await asyncio.wait({task})
        loop.call_exception_handler({"message": "forgotten", "exception": task.exception()})

    asyncio.run(forget())


def in_what_the_gate_refuses(secret: str) -> None:
    """Headers, key and body of a message that nothing can read, and the batch's line."""
    good = samples.message(samples.penalty())
    bent = Message(
        topic=good.topic,
        partition=good.partition,
        offset=0,
        timestamp_ms=good.timestamp_ms,
        key=secret.encode(),
        value=secret.encode(),
        headers=[("ce_id", secret.encode()), (secret, b"1"), ("ce_subject", secret.encode())],
    )
    produced = gate_batch(
        [bent],
        lookup=lambda _: {},
        codec=samples.codec(),
        registry=samples.registry(),
        partitions=1,
        now=samples.NOW,
    )
    assert produced.reasons
    logger().info("batch.committed", read=1, refused=produced.reasons, reasons=produced.reasons)


def in_a_request(secret: str) -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError(f"no row for {scope['path']}: {secret}")

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": secret.encode()}

    async def send(_: Any) -> None:
        """Nobody reads the answer."""

    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/subjects/{secret}",
        "query_string": secret.encode(),
        "headers": [(b"cookie", secret.encode())],
    }
    asyncio.run(Guard(fails, log=logger())(scope, receive, send))  # type: ignore[arg-type]


WAYS: tuple[Way, ...] = (
    as_a_field,
    as_a_field_s_name,
    bound,
    in_the_place_of_a_word,
    in_our_own_text,
    as_the_event,
    as_a_library_s_error,
    as_a_key_error,
    in_a_library_s_arguments,
    in_a_library_s_own_words,
    in_a_library_s_traceback,
    in_a_task_that_nobody_awaits,
    in_what_the_gate_refuses,
    in_a_request,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_of_a_person_or_an_event_gets_into_a_log(way: Way) -> None:
    @settings(max_examples=40, deadline=None, database=None)
    @given(secret=SECRETS)
    def none_gets_in(secret: str) -> None:
        written = written_by(way, secret)
        assert written.strip(), "the way must write a line, or nothing is proved"
        assert secret not in written
        for line in written.splitlines():
            assert set(json.loads(line)) <= FIELDS.keys()

    none_gets_in()


@given(
    value=st.recursive(
        SECRETS | st.binary(max_size=8) | st.builds(object),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SECRETS, inner, max_size=3),
    ),
    name=st.sampled_from(sorted(FIELDS.keys() - {"ids"})),
)
def test_whatever_stands_in_whatever_field_none_of_it_is_told(value: Any, name: str) -> None:
    told = json.dumps(only_listed(None, "info", {name: value}), ensure_ascii=False)

    assert not any(secret in told for secret in secrets_in(value))


@given(NAMES | NUMBERS | st.binary(min_size=17, max_size=32).map(bytes.hex))
def test_the_id_of_an_event_is_told_and_nothing_else_in_its_place(secret: str) -> None:
    told = only_listed(None, "warning", {"ids": [samples.penalty(1).id, secret]})

    assert {"ids": [samples.penalty(1).id, HIDDEN]} == told


def secrets_in(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from secrets_in(each)
        case dict():
            for key, each in value.items():
                yield key
                yield from secrets_in(each)


@given(GLUED, st.sampled_from(sorted(FIELDS.keys() - {"ids"})))
def test_no_number_is_told_with_letters_written_to_it(
    parts: tuple[str, str, str], name: str
) -> None:
    told = json.dumps(only_listed(None, "info", {name: "".join(parts)}))

    assert parts[1] not in told


def test_what_a_batch_says_is_told_as_it_is() -> None:
    line = {
        "event": "batch.committed",
        "stage": "gate",
        "partitions": [0, 1],
        "read": 20,
        "written": {"credit.records": 12, "credit.replies.market-supervision": 20},
        "refused": {"header-missing": 3, "stale-revision": 1},
        "milliseconds": 12.5,
        "waiting": ["credit.inbox.district-platform/3@12345678"],
        "platform": "district-platform",
        "sqlstate": None,
        "route": "/sections/{kind}/records",
    }

    assert line == only_listed(None, "info", line)


def test_a_field_of_no_row_is_named_and_left_out() -> None:
    told = only_listed(None, "info", {"event": "x", "body": {"name": "n"}})

    assert {"event": "x", UNLISTED: ["body"]} == told


def test_a_list_or_a_mapping_is_told_up_to_a_bound() -> None:
    told = only_listed(None, "info", {"partitions": list(range(10_000)), "reasons": {}})

    assert len(told["partitions"]) < 100


def test_what_a_library_says_of_addresses_stays() -> None:
    def says(_: str) -> None:
        logging.getLogger("kafka.conn").warning(
            "connecting to %s:%d failed: %s", "10.1.2.3", 9092, OSError("no route")
        )

    line = json.loads(written_by(says, ""))

    assert ("connecting to 10.1.2.3:9092 failed: ***", "kafka.conn") == (
        line["event"],
        line["logger"],
    )


@pytest.mark.parametrize("code", sorted({*RULES, *GATE_RULES}))
def test_every_code_of_a_rule_can_be_told(code: str) -> None:
    assert {"reasons": {code: 1}} == only_listed(None, "info", {"reasons": {code: 1}})
    assert code == LABELS["code"].told(code, set())


@pytest.mark.parametrize("party", sorted(samples.registry().parties))
def test_every_party_can_be_told(party: str) -> None:
    assert {"party": party} == only_listed(None, "info", {"party": party})
    assert party == LABELS["party"].told(party, set())
