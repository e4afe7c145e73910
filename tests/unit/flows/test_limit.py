"""The quarantine limit: one bad sender never stops the worker, a bad release of ours does."""

from collections.abc import Sequence

from credit_bus.flows.limit import QuarantinePolicy, QuarantineRuns

POLICY = QuarantinePolicy(run_max=3, parties_min=2)


def check(verdicts: Sequence[tuple[str, bool]], expected: tuple[str, ...]) -> None:
    half = len(verdicts) // 2
    runs = QuarantineRuns().after(verdicts[:half]).after(verdicts[half:])

    assert expected == runs.exceeding(POLICY)


def test_one_party_with_nothing_but_refusals_does_not_trip_it() -> None:
    check([("a", True)] * 1_000, ())


def test_several_parties_with_runs_of_refusals_trip_it() -> None:
    check([("a", True), ("b", True)] * 3, ("a", "b"))


def test_a_run_one_short_does_not_trip_it() -> None:
    check([("a", True)] * 3 + [("b", True)] * 2, ())


def test_one_acceptance_ends_a_run() -> None:
    check([("a", True)] * 3 + [("b", True)] * 2 + [("b", False)] + [("b", True)] * 2, ())
