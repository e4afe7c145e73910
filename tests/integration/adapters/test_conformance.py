"""The kit finds each seeded fault by its own check, and passes a right adapter without a doubt."""

import multiprocessing
import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import pytest
from tests import samples
from tests.integration.adapters.faulty import FAULTS, run
from tests.integration.departments.small_gate import make_topics

from credit_bus.conformance.catalogue import CHECKS
from credit_bus.conformance.patience import Patience
from credit_bus.conformance.plan import ANSWERS
from credit_bus.conformance.verdict import Outcome, Status, Verdict
from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.registry import Registry
from credit_bus_connectors.departments.example import Settings
from credit_bus_deploy.conformance.run import run_conformance

pytestmark = pytest.mark.broker

RIGHT = "none"  # of the faults
MEASURE = "deferred-documents"
AT_ONCE = 8
PATIENCE = Patience(answer_seconds_max=120.0, resend_seconds_max=120.0, quiet_seconds=1.5)
# Where something never comes, its whole bound is waited for.
IMPATIENCE = replace(PATIENCE, answer_seconds_max=20.0, resend_seconds_max=6.0)

RECORDS = frozenset({PENALTY_DECIDED, LICENCE_GRANTED})
PARTS = {"statements": RECORDS, "orders": ANSWERS, "both": RECORDS | ANSWERS}

CONTEXT = multiprocessing.get_context("forkserver")


LOG_CHARACTERS_SHOWN = 3000


class ForkedAdapter:
    """A department in a process of its own, forked from one that has imported everything."""

    logs: ClassVar[dict[str, str]] = {}  # the end of each one's, by fault

    def __init__(self, fault: str, settings: Settings) -> None:
        self._told = (fault, settings)
        self._process: Any = None

    def start(self) -> None:
        self._process = CONTEXT.Process(target=run, args=self._told)
        self._process.start()

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()

    def hand(self, file: Path) -> None:
        """It looks into its folder by itself."""

    def close(self) -> None:
        self.kill()
        fault, settings = self._told
        log = settings.folder / "adapter.log"
        self.logs[fault] = log.read_text(errors="replace")[-LOG_CHARACTERS_SHOWN:]


def with_departments(names: dict[str, str]) -> Registry:
    """The example district's registry with a department like market regulation for each fault.

    A department may do only that half in which its fault shows; the right one does both.
    """
    registry = samples.registry()
    like = registry.parties[samples.PENALISING]
    measure = registry.measures[MEASURE]
    more = {
        name: replace(like, code=name, publishes=PARTS[FAULTS[fault].part])
        for fault, name in names.items()
    }
    implementers = (*measure.implementers, *more)
    return replace(
        registry,
        parties=MappingProxyType({**registry.parties, **more}),
        measures=MappingProxyType(
            {**registry.measures, MEASURE: replace(measure, implementers=implementers)}
        ),
    )


@pytest.fixture(scope="session")
def outcomes(broker: str, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Outcome]]]:
    """The exchange of every fault that is asked for, several at once: they wait more than work."""
    chosen = {RIGHT} | {
        item.callspec.params["fault"]
        for item in request.session.items
        if "fault" in getattr(getattr(item, "callspec", None), "params", {})
        and item.module.__name__ == __name__
    }
    CONTEXT.set_forkserver_preload(["tests.integration.adapters.faulty"])
    token = f"dept-{secrets.token_hex(4)}"
    names = {fault: f"{token}-{number}" for number, fault in enumerate(FAULTS)}
    registry = with_departments(names)

    def exchange(fault: str, home: Path) -> Outcome:
        party = names[fault]
        make_topics(broker, party)
        folder = home / party
        folder.mkdir()
        settings = Settings(party=party, broker=broker, folder=folder)
        return run_conformance(
            party,
            ForkedAdapter(fault, settings),
            broker=broker,
            registry=registry,
            codec=samples.codec(),
            folder=folder,
            patience=IMPATIENCE if FAULTS[fault].waits else PATIENCE,
            told=lambda _: None,
        )

    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(AT_ONCE) as pool:
        # The right one first and alone: it starts what the short bounds of the others count on.
        right = pool.submit(exchange, RIGHT, Path(home))
        right.exception()
        slow_first = sorted(chosen - {RIGHT}, key=lambda fault: not FAULTS[fault].waits)
        yield {
            RIGHT: right,
            **{fault: pool.submit(exchange, fault, Path(home)) for fault in slow_first},
        }


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_its_own_check_and_accused_of_nothing_else(
    outcomes: dict[str, Future[Outcome]], fault: str
) -> None:
    outcome = outcomes[fault].result()
    failed = {
        result.check.code: [(each.field, each.seen, each.wanted) for each in result.findings]
        for result in outcome.of(Status.FAILED)
    }

    assert FAULTS[fault].codes == failed.keys(), (failed, ForkedAdapter.logs[fault])


def test_a_right_adapter_passes_with_every_check_seen(
    outcomes: dict[str, Future[Outcome]],
) -> None:
    outcome = outcomes[RIGHT].result()

    assert Verdict.PASSED is outcome.verdict
    assert {Status.PASSED} == {result.status for result in outcome.results}
    assert () == outcome.overdue


def test_every_check_has_a_fault_that_it_finds() -> None:
    found = {code for fault in FAULTS.values() for code in fault.codes}

    assert {check.code for check in CHECKS} == found
