"""A small department that does everything right: an example to start an adapter of one's own from.

    python -m credit_bus_connectors.departments.example --party finance --broker HOST:PORT \
        --folder FOLDER

It says what lies in `FOLDER/*.json` (the statements of `credit-bus conformance`), answers every
order, stops when an action is suspended or ended, and lifts what has ended. Its three loops share a
journal:

- *say* sends what has no receipt, at the start at once and then every `RESEND_SECONDS`;
- *hear* reads receipts, and notes them;
- *obey* reads orders and what suspends, resumes or ends them, and notes the answers to give.

A real department has its own tables in place of the journal, and its clerks in place of `respond`,
`carry_out` and `lift`; the order of things stays.
"""

import argparse
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from kafka.errors import KafkaError

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.identity import seal
from credit_bus.contracts.plain import from_plain
from credit_bus.contracts.schemas import SchemaCatalogue, load_catalogue
from credit_bus.contracts.shape import Shape, shape_of
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Event, document_key
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
)
from credit_bus.domain.identifiers import subject_key
from credit_bus.domain.registry import SubjectCategory
from credit_bus_connectors.departments.client import EVENTS_PER_TRANSACTION_MAX, DepartmentClient
from credit_bus_connectors.departments.example_journal import Journal
from credit_bus_connectors.departments.failures import NotPublishedError, UncertainError
from credit_bus_connectors.departments.receipts import receipt_of
from credit_bus_connectors.departments.statement import make_event

LOOK_SECONDS = 0.1
RESEND_SECONDS = 30.0
LOOP_RUNS_MAX = 100
AGAIN_SECONDS = 0.5
_log = logging.getLogger(__name__)

_NUMBERS = ("person_id", "representative_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Who speaks, where, and from which folder; the journal lies beside the statements."""

    party: str
    broker: str
    folder: Path


class ExampleDepartment:
    """The department. `run` returns only when one of its loops fails."""

    def __init__(self, settings: Settings) -> None:
        """Open the journal; the loops connect."""
        catalogue, self.codec = contracts()
        self.settings = settings
        self.journal = Journal(settings.folder / "example.sqlite", self.codec)
        self._shapes: Mapping[str, Shape] = {
            schema.type: shape_of(catalogue.latest(schema.type).parsed)[0]
            for schema in catalogue.all
        }
        self._failed = threading.Event()

    def run(self) -> None:
        """Say, hear and obey, each on a thread of its own, until one of them fails."""
        for loop in (self.say_all, self.hear_all, self.obey_all):
            threading.Thread(target=self._guarded, args=(loop,), daemon=True).start()
        self._failed.wait()

    def say_all(self) -> None:
        """Send what has no receipt; each thing once at the start and when it was new, then rarely.

        The order in which things were said first is kept.
        """
        sent: dict[str, float] = {}
        with self.client() as client:
            while True:
                self.take_files()
                now = time.monotonic()
                due = [
                    event
                    for event in self.journal.unanswered()
                    if now - sent.get(event.id, -RESEND_SECONDS) >= RESEND_SECONDS
                ][:EVENTS_PER_TRANSACTION_MAX]
                self.send(client, due)
                sent |= dict.fromkeys((event.id for event in due), now)
                time.sleep(LOOK_SECONDS)

    def hear_all(self) -> None:
        """Note every receipt."""
        with self.client() as client:
            for reply in client.replies():
                receipt = receipt_of(reply)
                if receipt is not None:
                    self.journal.answer(receipt.event_id, receipt.answer)

    def obey_all(self) -> None:
        """Note every order and what becomes of it; its position is saved after it was noted."""
        with self.client() as client:
            for event in client.orders():
                self.obey(event)

    def client(self) -> DepartmentClient:
        """Return a client for one loop."""
        return DepartmentClient(self.settings.party, self.settings.broker, codec=self.codec)

    def send(self, client: DepartmentClient, events: list[Event]) -> None:
        """Send the events in one transaction."""
        client.publish(events)

    def take_files(self) -> None:
        """Note the statements of every file that is new, all of a file or none."""
        for path in sorted(self.settings.folder.glob("*.json")):
            with self.journal.whole():
                if self.journal.take_file(path.name):
                    told = json.loads(path.read_text(encoding="utf-8"))
                    secret = bytes.fromhex(told["identity_secret"])
                    for each in told["statements"]:
                        self.journal.say(self.stated(each["type"], each["body"], secret))

    def stated(self, kind: str, plain: dict[str, Any], secret: bytes) -> Event:
        """Return the event that says a statement, its identity numbers sealed."""
        subject = dict(plain["subject"])
        sealed = {
            name: seal(subject.pop(name), secret, self.journal)
            for name in _NUMBERS
            if subject.get(name)
        }
        body = from_plain(self._shapes[kind], {**plain, "subject": subject})
        body["subject"].update(sealed)
        holder = sealed.get("person_id") or sealed.get("representative_id")
        key = subject_key(
            category=SubjectCategory(subject["category"]),
            uscc=subject.get("uscc"),
            pseudonym=None if holder is None else holder["pseudonym"],
        )
        assert key is not None, "a statement names its subject"
        return self.made(kind, body, key)

    def obey(self, event: Event) -> None:
        """Take in an order, or what suspends, resumes or ends an action."""
        body = event.body
        with self.journal.whole():
            match event.type:
                case kind if kind == MEASURE_ORDERED:
                    if body["implementer"] == self.settings.party and self.journal.ask(event):
                        self.respond(event)
                case kind if kind == ACTION_SUSPENDED:
                    self.journal.suspend(body["action_id"], body["reference"])
                case kind if kind == ACTION_RESUMED:
                    self.journal.resume(body["action_id"], body["reference"])
                case kind if kind == ACTION_ENDED:
                    if self.journal.end(body["action_id"]):
                        self.lift_all(event)
            for order in self.journal.waiting():
                self.carry_out(*order)

    def respond(self, order: Event) -> None:
        """Take the order on. Whoever refuses states its reason and legal basis here."""
        body = {
            "action_id": order.body["action_id"],
            "measure": order.body["measure"],
            "decision": "accepted",
            "refusal_reason": None,
            "refusal_basis": None,
            "responded_on": local_day(datetime.now(UTC)),
            "remark": None,
        }
        self.journal.say(self.made(MEASURE_RESPONDED, body, order.subject, order.id))

    def carry_out(self, order: str, action: str, measure: str, subject: str) -> None:
        """Carry an order out that nothing suspends, and feed back."""
        body = {
            "action_id": action,
            "measure": measure,
            "outcome": "executed",
            "executed_on": local_day(datetime.now(UTC)),
            "result": "已按推送内容办理",
            "amount_10k": None,
            "legal_basis": None,
            "document_number": None,
            "division": "620702",
            "remark": None,
            "batch_number": None,
            "operator": None,
        }
        self.journal.say(self.made(MEASURE_EXECUTED, body, subject, order))
        self.journal.carried_out(order)

    def lift_all(self, end: Event) -> None:
        """Lift every measure that was asked for by the action that ended."""
        for measure in self.journal.measures_of(end.body["action_id"]):
            self.lift(measure, end)

    def lift(self, measure: str, end: Event) -> None:
        """Lift a measure, carried out or not, and confirm that it runs no more."""
        body = {
            "action_id": end.body["action_id"],
            "measure": measure,
            "because_of": end.id,
            "lifted_on": local_day(datetime.now(UTC)),
            "result": "已停止执行并解除",
            "document_number": None,
            "operator": None,
            "remark": None,
        }
        self.journal.say(self.made(MEASURE_LIFTED, body, end.subject, end.id))

    def made(
        self, kind: str, body: dict[str, Any], subject: str, causation: str | None = None
    ) -> Event:
        """Return the event that says a body, in the next revision of its document."""
        said = partial(
            make_event,
            party=self.settings.party,
            type_=kind,
            body=body,
            subject=subject,
            time=datetime.now(UTC),
            causation_id=causation,
        )
        return said(revision=self.journal.next_revision(document_key(said())))

    def _guarded(self, loop: Callable[[], None]) -> None:
        """Run the loop, and again when the broker failed it: the journal makes that harmless."""
        try:
            for _ in range(LOOP_RUNS_MAX):
                try:
                    loop()
                except (KafkaError, NotPublishedError, UncertainError) as error:
                    _log.warning("%s: %r", loop.__name__, error)
                    time.sleep(AGAIN_SECONDS)
        finally:
            self._failed.set()


@cache
def contracts() -> tuple[SchemaCatalogue, Codec]:
    """Return the schemas of this release, and what encodes by them."""
    catalogue = load_catalogue()
    return catalogue, Codec(catalogue)


def main() -> None:
    """Run the department of the command line; what is not given, the environment says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name in ("party", "broker", "folder"):
        known = os.environ.get(f"CREDIT_BUS_{name.upper()}")
        parser.add_argument(f"--{name}", default=known, required=known is None)
    told = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    settings = Settings(party=told.party, broker=told.broker, folder=Path(told.folder))
    ExampleDepartment(settings).run()


if __name__ == "__main__":
    main()
