"""The example department with one fault each: what the kit must find, by the code of its check.

A fault is a row: its name, the checks that must fail, and what it does differently. Everything
else is the right adapter's own, so that whatever else fails would be a false accusation.
"""

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kafka import KafkaProducer
from kafka.structs import OffsetAndMetadata

from credit_bus.conformance.statements import Maker, company
from credit_bus.contracts.wire import Wire, write_event
from credit_bus.domain.channels import outbox
from credit_bus.domain.event import Event, document_of, event_id
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
    PENALTY_DECIDED,
)
from credit_bus.domain.registry import Party, Role
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.example import ExampleDepartment, Settings, contracts
from credit_bus_connectors.departments.feed import event_of, open_consumer, poll
from credit_bus_connectors.departments.receipts import Answer, receipt_of

AGAIN_SECONDS = 0.15
GATHER_SECONDS = 1.5
SLOW_SECONDS = 6.0


class NoUtf8(str):
    """A header's name that no reader may choke on."""

    __slots__ = ()

    def encode(self, *_: Any) -> bytes:  # type: ignore[override]
        return b"\xff\xfe"


def is_statement(event: Event, number: int) -> bool:
    return str(event.body.get("document_number", "")).endswith(f"-{number}号")


def headers_with(wire: Wire, **changes: str | None) -> Wire:
    """The wire with some headers changed; None drops one."""
    named = {name.replace("-", "_"): text for name, text in changes.items()}
    kept = [(n, v) for n, v in wire.headers if n.replace("-", "_") not in named]
    changed = [(n.replace("content_", "content-"), t.encode()) for n, t in named.items() if t]
    return replace(wire, headers=[*kept, *changed])


class Faulty(ExampleDepartment):
    """The right department; a fault overrides one method. Sends wires, so that they can be bent."""

    def bend(self, event: Event, wire: Wire) -> list[Wire]:
        return [wire]

    def send(self, client: DepartmentClient, events: list[Event]) -> None:
        bent = [each for event in events for each in self.bend(event, self.wire(event))]
        if bent:
            client._send(bent)

    def wire(self, event: Event) -> Wire:
        return write_event(event, self.codec)

    def raw(self, wire: Wire, *, partition: int | None = None, end: str | None = None) -> None:
        """Write past the client: anywhere, and outside a transaction unless one ends so."""
        name = f"stray-{secrets.token_hex(4)}" if end else None
        with KafkaProducer(
            bootstrap_servers=self.settings.broker, transactional_id=name
        ) as producer:
            if end:
                producer.init_transactions()
                producer.begin_transaction()
            producer.send(
                outbox(self.settings.party),
                key=wire.key,
                value=wire.value,
                headers=wire.headers,
                partition=partition,
            ).get(timeout=20)
            if end:
                getattr(producer, f"{end}_transaction")()

    def forget(self, sql: str) -> None:
        with sqlite3.connect(self.settings.folder / "example.sqlite", timeout=10) as base:
            base.execute(sql)


def bending(number: int, bend: Callable[[Faulty, Event, Wire], list[Wire]]) -> type[Faulty]:
    """A department that bends the records of one statement."""

    class Bending(Faulty):
        def bend(self, event: Event, wire: Wire) -> list[Wire]:
            return bend(self, event, wire) if is_statement(event, number) else [wire]

    return Bending


def stating(number: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> type[Faulty]:
    """A department that changes the body of one statement before it is said."""

    class Stating(Faulty):
        def stated(self, kind: str, plain: dict[str, Any], secret: bytes) -> Event:
            is_it = plain["document_number"].endswith(f"-{number}号")
            return super().stated(kind, change(plain) if is_it else plain, secret)

    return Stating


def answering(kind: str, change: Callable[[Event], Event]) -> type[Faulty]:
    """A department that changes its answers of one kind before they are written down."""

    class Answering(Faulty):
        def made(self, type_: str, *told: Any) -> Event:
            event = super().made(type_, *told)
            return change(event) if type_ == kind else event

    return Answering


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def as_another(_: Faulty, event: Event, __: Wire) -> list[Wire]:
    other = "finance"
    named = replace(event, source=other, id=id_of(replace(event, source=other)))
    return [write_event(named, _.codec)]


def id_of(event: Event) -> str:
    return event_id(
        source=event.source,
        kind=event.type,
        document=document_of(event.type, event.body),
        subject=event.subject,
        revision=event.revision,
    )


def in_old_version(department: Faulty, event: Event, wire: Wire) -> list[Wire]:
    """What a program of the first release would write; lawful, so nothing may be found."""
    from io import BytesIO

    from fastavro import schemaless_writer

    from credit_bus.contracts.schemas import load_catalogue

    schema = load_catalogue().versions(event.type)[0]
    stream = BytesIO()
    stream.write(b"\x00" + schema.id.to_bytes(4, "big"))
    schemaless_writer(stream, schema.parsed, event.body)
    return [replace(wire, value=stream.getvalue())]


def elsewhere(department: Faulty, _: Event, wire: Wire) -> list[Wire]:
    with KafkaProducer(bootstrap_servers=department.settings.broker) as producer:
        count = len(producer.partitions_for(outbox(department.settings.party)))
        home = producer._partition(
            outbox(department.settings.party), None, None, None, wire.key, None
        )
    department.raw(wire, partition=(home + 1) % count, end="commit")
    return []


def outside(department: Faulty, _: Event, wire: Wire) -> list[Wire]:
    department.raw(wire)
    return []


class Aborting(Faulty):
    """Takes an aborted transaction for a committed one."""

    def bend(self, event: Event, wire: Wire) -> list[Wire]:
        if not is_statement(event, 5):
            return [wire]
        self.raw(wire, end="abort")
        self.journal.answer(event.id, "accepted")
        return []


def extra(kind: str) -> type[Faulty]:
    """A department that says something more than it was asked."""

    class Extra(Faulty):
        def take_files(self) -> None:
            super().take_files()
            if self.journal.take_file("extra"):
                party = Party(
                    code=self.settings.party,
                    name="示例",
                    role=Role.DEPARTMENT,
                    since=datetime.now(UTC).date(),
                    uscc=synthetic_uscc(0, "agency"),
                )
                today = datetime.now(UTC).date() - timedelta(days=1)
                maker = Maker(party=party, today=today, run="20260101", secret=bytes(32))
                told = maker.make(9, kind, company(9))
                self.journal.say(self.made(kind, dict(told.body), told.subject))

    return Extra


class Swapping(Faulty):
    """Says the second statement before the first."""

    def send(self, client: DepartmentClient, events: list[Event]) -> None:
        place = {event.id: n for n, event in enumerate(events)}
        super().send(client, sorted(events, key=lambda e: (not is_statement(e, 2), place[e.id])))


class Deaf(Faulty):
    """Sends again and again what was answered so; the answer is which receipts it does not mind."""

    answer = Answer.ACCEPTED

    def send(self, client: DepartmentClient, events: list[Event]) -> None:
        super().send(client, events)
        for event in self.known:
            if time.monotonic() - self.last.get(event.id, 0.0) > AGAIN_SECONDS:
                super().send(client, [event])
                self.last[event.id] = time.monotonic()

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.known: list[Event] = []
        self.last: dict[str, float] = {}

    def hear_all(self) -> None:
        with self.client() as client:
            for reply in client.replies():
                receipt = receipt_of(reply)
                if receipt is None:
                    continue
                unanswered = {event.id: event for event in self.journal.unanswered()}
                event = unanswered.get(receipt.event_id)
                if event is not None and receipt.answer is self.answer:
                    self.known += [event] if self.minds(event) else []
                self.journal.answer(receipt.event_id, receipt.answer)

    def minds(self, event: Event) -> bool:
        return is_statement(event, 2 if self.answer is Answer.ACCEPTED else 3)


class DeafToRefusals(Deaf):
    answer = Answer.REJECTED


class Startled(Faulty):
    """Says everything three times again when a receipt comes a second time."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.heard: dict[str, int] = {}
        self.again: list[Event] = []
        self.events: dict[str, Event] = {}

    def send(self, client: DepartmentClient, events: list[Event]) -> None:
        self.events |= {event.id: event for event in events}
        super().send(client, events)
        while self.again:
            super().send(client, [self.again.pop()])

    def hear_all(self) -> None:
        with self.client() as client:
            for reply in client.replies():
                receipt = receipt_of(reply)
                if receipt is not None:
                    self.journal.answer(receipt.event_id, receipt.answer)
                    count = self.heard[receipt.event_id] = self.heard.get(receipt.event_id, 0) + 1
                    event = self.events.get(receipt.event_id)
                    # Two receipts for what was said twice, two more when they are repeated.
                    if count == 3 and event is not None and is_statement(event, 2):
                        self.again += [event] * 4


class Stubborn(Faulty):
    """Corrects what was accepted, and nothing that was refused."""

    def stated(self, kind: str, plain: dict[str, Any], secret: bytes) -> Event:
        event = super().stated(kind, plain, secret)
        if is_statement(event, 3) and event.revision > 1:
            return super().stated(kind, {**plain, "document_number": "-3号"}, secret)
        return event

    def bend(self, event: Event, wire: Wire) -> list[Wire]:
        return [] if event.body.get("document_number") == "-3号" else [wire]


class NotRaising(Faulty):
    """Corrects under the same revision."""

    def made(self, kind: str, body: dict[str, Any], *told: Any) -> Event:
        event = super().made(kind, body, *told)
        if not is_statement(event, 1) or event.revision == 1:
            return event
        self.forget(f"DELETE FROM said WHERE id = '{id_of(replace(event, revision=1))}'")
        same = replace(event, revision=1)
        return replace(same, id=id_of(same))

    def take_files(self) -> None:
        """The journal's own transaction would lock `forget` out, so the file is taken in parts."""
        for path in sorted(self.settings.folder.glob("*.json")):
            if self.journal.take_file(path.name):
                told = json.loads(path.read_text(encoding="utf-8"))
                secret = bytes.fromhex(told["identity_secret"])
                for each in told["statements"]:
                    self.journal.say(self.stated(each["type"], each["body"], secret))


class NewDocument(Faulty):
    """Corrects by a document of another number."""

    def stated(self, kind: str, plain: dict[str, Any], secret: bytes) -> Event:
        event = super().stated(kind, plain, secret)
        if is_statement(event, 1) and event.revision > 1:
            number = plain["document_number"].replace("-1号", "-91号")
            return super().stated(kind, {**plain, "document_number": number}, secret)
        return event


class SkippingBack(Faulty):
    """Says the first revision once more after the second."""

    first: Event | None = None

    def send(self, client: DepartmentClient, events: list[Event]) -> None:
        super().send(client, events)
        for event in events:
            if is_statement(event, 1) and event.revision == 1:
                self.first = event
            if is_statement(event, 1) and event.revision == 2 and self.first is not None:
                super().send(client, [self.first])


class Reversed(Faulty):
    """Feeds back before it responds."""

    def send(self, client: DepartmentClient, events: list[Event]) -> None:
        super().send(client, sorted(events, key=lambda event: event.type == MEASURE_RESPONDED))


class Unfounded(Faulty):
    """Refuses the second order it gets, and gives no legal basis."""

    refused = ""
    orders = 0

    def respond(self, order: Event) -> None:
        self.orders += 1
        self.refused = order.id if self.orders == 2 else self.refused
        super().respond(order)

    def made(self, kind: str, body: dict[str, Any], subject: str, causation: Any = None) -> Event:
        if kind == MEASURE_RESPONDED and causation == self.refused:
            body = {**body, "decision": "refused", "refusal_reason": "无法办理"}
        return super().made(kind, body, subject, causation)

    def carry_out(self, order: str, *told: str) -> None:
        if order == self.refused:
            self.journal.carried_out(order)
        else:
            super().carry_out(order, *told)


class Silent(Faulty):
    """Never answers the first order it gets."""

    def obey(self, event: Event) -> None:
        if event.type == MEASURE_ORDERED and self.journal.take_file("first order"):
            self.journal.ask(event)
            self.journal.carried_out(event.id)
            return
        super().obey(event)


class Idle(Faulty):
    """Takes the first order on, and never feeds back."""

    def carry_out(self, order: str, *told: str) -> None:
        if self.journal.take_file("first order"):
            self.journal.carried_out(order)
        else:
            super().carry_out(order, *told)


class Twice(Faulty):
    """Answers a redelivered order again, in other words."""

    def obey(self, event: Event) -> None:
        if event.type == MEASURE_ORDERED and not self.journal.ask(event):
            self.respond(event)
        elif event.type == MEASURE_ORDERED:
            self.forget(f"DELETE FROM asked WHERE id = '{event.id}'")
            super().obey(event)
        else:
            super().obey(event)


class Greedy(Faulty):
    """Answers whatever order it gets."""

    def obey(self, event: Event) -> None:
        if event.type == MEASURE_ORDERED:
            event = replace(event, body={**event.body, "implementer": self.settings.party})
        super().obey(event)


class Forgetful(Faulty):
    """Saves no position, and keeps no answer beyond a restart."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.forget("DELETE FROM asked")
        self.forget("DELETE FROM said WHERE headers LIKE '%\"measure.%'")

    def obey_all(self) -> None:
        with self.client() as client:
            client.party = self.settings.party
            group = f"forgetful-{secrets.token_hex(4)}"
            consumer = open_consumer(client._settings, group=group)
            consumer.subscribe([f"credit.inbox.{self.settings.party}"])
            while True:
                for record in poll(consumer, 0.2):
                    self.obey(event_of(record, self.codec))


class Hasty(Faulty):
    """Saves its position behind all that has come, before it has answered the first of it."""

    orders = 0

    def obey_all(self) -> None:
        with self.client() as client:
            consumer = open_consumer(
                client._settings, group=f"hasty-{self.settings.party}", instance="hasty"
            )
            consumer.subscribe([f"credit.inbox.{self.settings.party}"])
            while True:
                for record in poll(consumer, 0.2):
                    event = event_of(record, self.codec)
                    # After the first three orders come those between which it is killed.
                    is_burst = self.orders >= 3
                    time.sleep(GATHER_SECONDS if is_burst else 0)
                    ends = consumer.end_offsets(list(consumer.assignment()))
                    consumer.commit(
                        {at: OffsetAndMetadata(end, "", -1) for at, end in ends.items()}
                    )
                    self.obey(event)
                    self.orders += event.type == MEASURE_ORDERED
                    time.sleep(SLOW_SECONDS if is_burst else 0)


class Hurried(Faulty):
    """Carries out whatever is not ended."""

    def obey(self, event: Event) -> None:
        if event.type != "action.suspended":
            super().obey(event)


class OneForAll(Faulty):
    """Takes the end of one suspension for the end of all."""

    def obey(self, event: Event) -> None:
        if event.type == "action.resumed":
            self.forget(f"DELETE FROM suspension WHERE action = '{event.body['action_id']}'")
        super().obey(event)


class Unending(Faulty):
    """Lifts what is over, and goes on with it all the same."""

    def obey(self, event: Event) -> None:
        if event.type != "action.ended":
            super().obey(event)
            return
        with self.journal.whole():
            self.lift_all(event)


class Holding(Faulty):
    """Never says that a measure runs no more."""

    def lift(self, measure: str, end: Event) -> None:
        pass


class HoldingWhatRan(Faulty):
    """Lifts only what it never carried out."""

    def lift(self, measure: str, end: Event) -> None:
        carried_out = "SELECT 1 FROM asked WHERE action = ? AND carried_out = 1"
        if not self.journal._read(carried_out, end.body["action_id"]):
            super().lift(measure, end)


class Dropping(Faulty):
    """Forgets at a restart what it had still to carry out."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.forget("UPDATE asked SET carried_out = 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row: which checks must fail, and nothing else."""

    codes: frozenset[str]
    department: type[Faulty]
    waits: bool  # whether something never comes, so that a step lasts until its bound

    @property
    def part(self) -> str:
        """The half of the exchange in which the fault shows."""
        orders = ("order-", "suspend-", "resume-", "end-", "form-correlation")
        if not self.codes:
            return "both"
        return "orders" if any(code.startswith(orders) for code in self.codes) else "statements"


def _fault(codes: str, department: type[Faulty], *, waits: bool = False) -> Fault:
    return Fault(codes=frozenset(codes.split()), department=department, waits=waits)


def _headers(**changes: str | None) -> type[Faulty]:
    return bending(5, lambda _, __, wire: [headers_with(wire, **changes)])


def _cut(plain: dict[str, Any]) -> dict[str, Any]:
    return {**plain, "content": plain["content"][:5]}


def _clear(plain: dict[str, Any]) -> dict[str, Any]:
    return {**plain, "remark": f"证件号码 {plain['subject']['person_id']}"}


def _padded(event: Event) -> Event:
    sealed = event.body["subject"]["person_id"]
    subject = {**event.body["subject"], "person_id": {**sealed, "box": sealed["box"] + bytes(4)}}
    return replace(event, body={**event.body, "subject": subject})


class Padding(Faulty):
    """Fills boxes up to a length of its own."""

    def stated(self, kind: str, plain: dict[str, Any], secret: bytes) -> Event:
        event = super().stated(kind, plain, secret)
        return _padded(event) if is_statement(event, 4) else event


class OwnSecret(Faulty):
    """Makes pseudonyms under a secret of its own."""

    def stated(self, kind: str, plain: dict[str, Any], secret: bytes) -> Event:
        return super().stated(kind, plain, bytes(reversed(secret)))


def _other_subject(event: Event) -> Event:
    moved = replace(event, subject=synthetic_uscc(28_000))
    return replace(moved, id=id_of(moved))


FAULTS: dict[str, Fault] = {
    "none": _fault("", Faulty),
    "an older released schema": _fault("", bending(1, in_old_version)),
    "an id of chance at each attempt": _fault(
        "form-id resend-same",
        bending(5, lambda _, __, wire: [headers_with(wire, ce_id=secrets.token_hex(16))]),
    ),
    "an id by a formula of its own": _fault("form-id", _headers(ce_id="a" * 32)),
    "another time on a resend": _fault(
        "resend-same", bending(5, lambda _, __, wire: [headers_with(wire, ce_time=now_text())])
    ),
    "a key of its own": _fault(
        "form-key", bending(5, lambda _, __, wire: [replace(wire, key=b"k" + wire.key)])
    ),
    "another partition": _fault("form-partition", bending(5, elsewhere)),
    "an unknown schema id": _fault(
        "form-schema",
        bending(5, lambda _, __, w: [replace(w, value=b"\0\0\0\3\xe7" + w.value[5:])]),
        waits=True,
    ),
    "a header missing": _fault("form-headers", _headers(ce_revision=None)),
    "a header name that is no UTF-8": _fault(
        "form-headers",
        bending(5, lambda _, __, w: [replace(w, headers=[*w.headers, (NoUtf8("x"), b"1")])]),
    ),
    "JSON claimed": _fault("form-content-type", _headers(content_type="application/json")),
    "local time": _fault("form-time", _headers(ce_time="2026-01-01T08:00:00.000+08:00")),
    "a time to come": _fault("form-time", _headers(ce_time="2099-01-01T00:00:00.000Z")),
    "a tombstone": _fault(
        "form-tombstone",
        bending(5, lambda _, __, w: [w, replace(w, value=None)]),  # type: ignore[arg-type]
    ),
    "another party's name": _fault("form-source", bending(5, as_another)),
    "a type it may not say": _fault("form-rights", extra(DEFAULTER_LISTED)),
    "a number in clear": _fault("privacy-clear", stating(4, _clear)),
    "a box of another length": _fault("privacy-sealed", Padding),
    "a secret of its own": _fault("privacy-pseudonym", OwnSecret),
    "outside a transaction": _fault("transaction-none", bending(5, outside)),
    "an aborted transaction": _fault("transaction-aborted", Aborting, waits=True),
    "words cut off": _fault("say-content", stating(5, _cut)),
    "a character that turns the text round": _fault(
        "form-content", stating(5, lambda plain: {**plain, "remark": "办公室\u202e经办"})
    ),
    "a statement dropped": _fault("say-arrives", bending(5, lambda *_: []), waits=True),
    "something unasked": _fault("say-unasked", extra(PENALTY_DECIDED)),
    "the second before the first": _fault("say-order", Swapping),
    "resends after acceptance": _fault("resend-bounded", Deaf),
    "startled by a second receipt": _fault("receipt-again", Startled),
    "resends after a refusal": _fault("rejection-repeated", DeafToRefusals),
    "never corrects a refusal": _fault("rejection-corrected", Stubborn, waits=True),
    "the revision not raised": _fault("revision-raised", NotRaising),
    "a correction as a new document": _fault("revision-document", NewDocument),
    "back to an older revision": _fault("revision-stale", SkippingBack),
    "no correlation": _fault(
        "form-correlation",
        answering(MEASURE_EXECUTED, lambda event: replace(event, correlation_id=None)),
    ),
    "no causation": _fault(
        "order-causation",
        answering(MEASURE_RESPONDED, lambda event: replace(event, causation_id=None)),
    ),
    "another subject's key": _fault("order-subject", answering(MEASURE_RESPONDED, _other_subject)),
    "feedback before the response": _fault("order-sequence", Reversed),
    "a refusal without a basis": _fault("order-refusal", Unfounded),
    "an order not answered": _fault("order-answered", Silent, waits=True),
    "an order not fed back": _fault("order-executed", Idle, waits=True),
    "a second answer": _fault("order-repeat", Twice),
    "another department's order": _fault("order-stray", Greedy),
    "positions forgotten": _fault("order-positions", Forgetful),
    "orders lost": _fault("order-lost", Hasty, waits=True),
    "executed while suspended": _fault("suspend-execution", Hurried),
    "one resumption for two": _fault("suspend-each", OneForAll),
    "the end not heeded": _fault("end-execution", Unending),
    "a measure never lifted": _fault("end-lifted", Holding, waits=True),
    "a measure that ran not lifted": _fault("end-lifted", HoldingWhatRan, waits=True),
    "a lifting because of something else": _fault(
        "end-lifted",
        answering(
            MEASURE_LIFTED,
            lambda event: replace(event, body={**event.body, "because_of": "0" * 32}),
        ),
    ),
    "waiting orders forgotten": _fault("resume-executes", Dropping, waits=True),
}


contracts()  # before any fork


def run(name: str, settings: Settings) -> None:
    """Run the department of that fault; returns only when one of its loops fails."""
    log = os.open(settings.folder / "adapter.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    FAULTS[name].department(settings).run()
