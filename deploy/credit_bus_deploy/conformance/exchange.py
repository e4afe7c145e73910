"""Runs a script against an adapter: does what each step says, and keeps all that is seen."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from credit_bus.conformance.history import Deed, Did, Entry, Overdue, Seen
from credit_bus.conformance.judge import Judge
from credit_bus.conformance.patience import Patience
from credit_bus.conformance.script import Do, Step
from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import write_event
from credit_bus.domain.channels import inbox, outbox, replies
from credit_bus.domain.event import Event
from credit_bus_deploy.conformance.adapters import Adapter
from credit_bus_deploy.conformance.outbox_reader import OutboxReader
from credit_bus_deploy.home import write_whole

POLL_SECONDS = 0.1
PUT_SECONDS_MAX = 15.0
DRAIN_SECONDS = 0.5
RECORDS_MAX = 20_000  # an adapter that floods its outbox has shown enough

Told = Callable[[str], None]


class Exchange:
    """One exchange. The history grows as it goes on."""

    def __init__(
        self,
        *,
        broker: str,
        judge: Judge,
        codec: Codec,
        adapter: Adapter,
        folder: Path,
        patience: Patience,
        told: Told,
    ) -> None:
        """Connect, and place the reader at the end of the outbox."""
        self.history: list[Entry] = []
        self._judge = judge
        self._codec = codec
        self._adapter = adapter
        self._folder = folder
        self._patience = patience
        self._told = told
        self._party = judge.plan.party.code
        self._answers = False  # whether receipts are given at once
        self._unanswered: list[Seen] = []
        self._answered: list[Seen] = []
        self._reader = OutboxReader(broker, outbox(self._party))
        self._producer: Any = KafkaProducer(
            bootstrap_servers=broker,
            acks="all",
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )

    def run(self, steps: tuple[Step, ...]) -> None:
        """Take every step; the adapter is ended however this ends."""
        try:
            for number, step in enumerate(steps, start=1):
                self._told(f"[{number}/{len(steps)}] {step.title}")
                for do in step.does:
                    self._do(do)
                self._wait(step)
                if len(self.history) > RECORDS_MAX:
                    self._told(f"发件主题已有 {RECORDS_MAX} 条以上的消息，提前结束")
                    break
            self._read(DRAIN_SECONDS)
        finally:
            self._adapter.close()
        self._read(DRAIN_SECONDS)
        self._see(self._reader.rest())

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
        self._producer.close(timeout=PUT_SECONDS_MAX)

    def _wait(self, step: Step) -> None:
        """Read until the step has ended; one with an end of its own may be overdue."""
        deadline = time.monotonic() + getattr(self._patience, step.within)
        while step.until is None or not step.until(self.history):
            if time.monotonic() >= deadline or len(self.history) > RECORDS_MAX:
                if step.until is not None:
                    self.history.append(Overdue(step=step.code))
                return
            self._read(POLL_SECONDS)

    def _do(self, do: Do) -> None:
        self._read(0)
        self.history.append(Did(deed=do.deed, what=do.what))
        match do.deed:
            case Deed.START:
                self._adapter.start()
            case Deed.KILL:
                self._adapter.kill()
            case Deed.HAND:
                self._adapter.hand(self._written(do))
            case Deed.ANSWER:
                self._answers = True
                self._give_receipts()
            case Deed.ANSWER_AGAIN:
                for seen in self._answered:
                    if seen.is_accepted and seen.receipt is not None:
                        self._put(replies(self._party), seen.receipt)
            case Deed.PUT:
                assert do.event is not None, "what is put is an event"
                self._put(inbox(self._party), do.event)

    def _written(self, do: Do) -> Path:
        path = self._folder / do.what
        told = self._judge.plan.file(do.statements)
        write_whole(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return path

    def _read(self, seconds: float) -> None:
        self._see(self._reader.poll(seconds))

    def _see(self, records: list[Any]) -> None:
        for record in records:
            seen = self._judge.see(record, datetime.now(UTC))
            self.history.append(seen)
            if seen.receipt is not None:
                self._unanswered.append(seen)
        if self._answers:
            self._give_receipts()

    def _give_receipts(self) -> None:
        given, self._unanswered = self._unanswered, []
        for seen in given:
            assert seen.receipt is not None, "only what has a receipt waits for it"
            self._put(replies(self._party), seen.receipt)
        self._answered += given

    def _put(self, topic: str, event: Event) -> None:
        wire = write_event(event, self._codec)
        sent = self._producer.send(topic, key=wire.key, value=wire.value, headers=wire.headers)
        sent.get(timeout=PUT_SECONDS_MAX)
