"""The gate's verdicts: who, may they, valid, new; and all reasons at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests import samples

from credit_bus.domain.arrival import Arrival
from credit_bus.domain.channels import RECORDS, outbox, replies
from credit_bus.domain.event import Event, document_key
from credit_bus.domain.event_types import (
    DELIVERY_CONFIRMED,
    EVENT_ACCEPTED,
    EVENT_REJECTED,
    MEASURE_ORDERED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.reason import Reason
from credit_bus.flows.gate import CLOCK_SKEW_MAX, gate
from credit_bus.flows.outcome import Forward, Known, Outcome, Quarantine, Say

DIGEST = b"d" * 16


def arrive(event: Event | None, *, sender: str = samples.PENALISING, **changes: Any) -> Arrival:
    """The event as the gate sees it."""
    arrival = Arrival(
        topic=outbox(sender),
        partition=0,
        offset=7,
        sender=sender,
        subject=event.subject if event else "unreadable",
        event=event,
        reasons=(),
        digest=DIGEST,
    )
    return replace(arrival, **changes)


def judge(arrival: Arrival, known: Known | None = None) -> Outcome:
    """The verdict under the example registry."""
    return gate(arrival, known, registry=samples.registry(), now=samples.NOW)


def refused(outcome: Outcome) -> set[str]:
    """The codes under which it was refused; empty when it was not."""
    return {
        reason.code
        for output in outcome.outputs
        if isinstance(output, Quarantine)
        for reason in output.reasons
    }


def check_refused(
    event: Event, *codes: str, sender: str = samples.PENALISING, known: Known | None = None
) -> None:
    """Refused for exactly these reasons: told to the sender, quarantined, nothing remembered."""
    outcome = judge(arrive(event, sender=sender), known)
    told = [output for output in outcome.outputs if isinstance(output, Say)]

    assert set(codes) == refused(outcome)
    assert outcome.known is None
    assert [(replies(sender), EVENT_REJECTED)] == [(say.topic, say.event.type) for say in told]
    assert set(codes) == {reason["code"] for reason in told[0].event.body["reasons"]}
    assert not any(isinstance(output, Forward) for output in outcome.outputs)


def test_what_could_not_be_read_is_refused_to_the_owner_of_the_outbox() -> None:
    reasons = (Reason(code="a", field="", rule="r", remedy="m"),)
    outcome = judge(arrive(None, reasons=reasons))

    assert {"a"} == refused(outcome)
    assert replies(samples.PENALISING) == next(
        output.topic for output in outcome.outputs if isinstance(output, Say)
    )


def test_another_party_s_name_is_refused() -> None:
    check_refused(samples.penalty(), "wrong-party", "no-right", sender="youth-league")


def test_a_type_the_registry_does_not_grant_is_refused() -> None:
    event = samples.said("penalty.decided", samples.penalty_body(), party="district-court")
    check_refused(event, "no-right", sender="district-court")


def test_what_only_the_bus_says_is_refused_from_a_party() -> None:
    row = samples.penalty()
    body = {"action_id": "a"}
    event = replace(row, type=MEASURE_ORDERED, body=body, correlation_id="a")
    outcome = judge(arrive(event))

    assert "said-by-bus-only" in refused(outcome)


def test_a_party_speaks_only_for_days_on_which_it_exists() -> None:
    party = next(p for p in samples.registry().parties.values() if p.until is not None)
    event = samples.said("penalty.decided", samples.penalty_body(), party=party.code)

    assert "party-not-existing" in refused(judge(arrive(event, sender=party.code)))


def test_a_time_in_the_future_is_refused_beyond_the_skew_of_clocks() -> None:
    late = replace(samples.penalty(), time=samples.NOW + CLOCK_SKEW_MAX + timedelta(seconds=1))
    check_refused(late, "time-in-future")
    within = replace(samples.penalty(), time=samples.NOW + CLOCK_SKEW_MAX)

    assert set() == refused(judge(arrive(within)))


def test_the_last_moment_of_all_is_refused_like_any_other_of_the_future() -> None:
    check_refused(
        replace(samples.penalty(), time=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)),
        "time-in-future",
    )


def test_an_id_that_is_not_made_from_the_content_is_refused() -> None:
    check_refused(replace(samples.penalty(), id="0" * 32), "id-not-from-content")


def test_what_is_about_an_action_carries_its_name_as_correlation() -> None:
    event = replace(samples.initiation(), correlation_id="other")
    check_refused(event, "correlation-mismatch", sender=samples.COURT)


def test_an_objection_to_an_action_carries_its_name_as_correlation() -> None:
    about = samples.about_action()
    event = samples.of_course(OBJECTION_RAISED, about=about)

    assert about["action_id"] == event.correlation_id
    assert set() == refused(judge(arrive(event, sender=samples.WINDOW)))
    check_refused(
        replace(event, correlation_id=None), "correlation-mismatch", sender=samples.WINDOW
    )


@pytest.mark.parametrize("kind", list(samples.COURSE))
def test_everything_that_follows_an_initiation_is_taken_from_its_usual_party(kind: str) -> None:
    event = samples.of_course(kind)
    outcome = judge(arrive(event, sender=event.source))

    assert set() == refused(outcome)
    assert Forward(topic=RECORDS) in outcome.outputs


@pytest.mark.parametrize("kind", list(samples.STANDING))
def test_lists_registers_and_how_a_record_stands_are_taken_from_their_usual_party(
    kind: str,
) -> None:
    event = samples.of_standing(kind)
    outcome = judge(arrive(event, sender=event.source))

    assert set() == refused(outcome)
    assert Forward(topic=RECORDS) in outcome.outputs


@pytest.mark.parametrize("kind", [RECORD_CORRECTED, RECORD_WITHDRAWN])
def test_nobody_corrects_or_withdraws_what_another_provided(kind: str) -> None:
    body = samples.STANDING[kind][1]()

    check_refused(samples.said(kind, body, party="finance"), "not-the-owner", sender="finance")


@pytest.mark.parametrize("kind", list(samples.STANDING))
def test_a_stale_or_changed_revision_of_them_is_refused(kind: str) -> None:
    event = samples.of_standing(kind)
    known = Known(revision=2, digest=DIGEST)
    other = Known(revision=1, digest=b"o" * 16)

    check_refused(event, "stale-revision", known=known, sender=event.source)
    check_refused(event, "revision-conflict", known=other, sender=event.source)


@pytest.mark.parametrize("kind", [RECORD_CORRECTED, RECORD_WITHDRAWN, PUBLICITY_ENDED])
def test_two_changes_of_two_revisions_are_two_documents(kind: str) -> None:
    keys = {
        document_key(samples.of_standing(kind, record_revision=number, revision=revision))
        for number in (2, 3)
        for revision in (1, 2)
    }

    assert 2 == len(keys)


@pytest.mark.parametrize(
    "kind", ["action.closed", "enquiry.answered", "reminder.due", PUBLICITY_ENDED]
)
def test_what_only_the_hub_can_know_is_refused_from_a_department(kind: str) -> None:
    body = {**samples.COURSE, **samples.STANDING}[kind][1]()
    event = samples.said(kind, body, party=samples.COURT, subject=samples.penalty().subject)

    check_refused(event, "no-right", "not-the-hub", sender=samples.COURT)


def test_a_stale_revision_is_refused() -> None:
    check_refused(
        samples.penalty(revision=2), "stale-revision", known=Known(revision=3, digest=DIGEST)
    )


def test_the_same_revision_with_other_content_is_refused() -> None:
    check_refused(samples.penalty(), "revision-conflict", known=Known(revision=1, digest=b"o" * 16))


@pytest.mark.parametrize("revision", [1, 2])
def test_every_receipt_repeats_the_trace(revision: int) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    event = replace(samples.penalty(revision=revision), traceparent=trace)
    known = Known(revision=1, digest=DIGEST[::-1])  # of the first revision, with another content

    outcome = judge(arrive(event), known)

    assert {trace} == {
        output.event.traceparent for output in outcome.outputs if isinstance(output, Say)
    }


def test_all_reasons_come_at_once() -> None:
    event = replace(
        samples.penalty(violation=""), id="0" * 32, time=samples.NOW + timedelta(days=1)
    )
    codes = refused(judge(arrive(event), Known(revision=2, digest=DIGEST)))

    assert {"id-not-from-content", "time-in-future", "stale-revision"} < codes
    assert len(codes) == 4


@pytest.mark.parametrize("known", [None, Known(revision=1, digest=b"o" * 16)])
def test_a_new_revision_goes_on_and_is_answered(known: Known | None) -> None:
    event = samples.penalty(revision=2)
    outcome = judge(arrive(event), known)
    forward, say = outcome.outputs

    assert Forward(topic=RECORDS) == forward
    assert isinstance(say, Say)
    assert (replies(samples.PENALISING), EVENT_ACCEPTED) == (say.topic, say.event.type)
    assert (event.id, False) == (say.event.body["event_id"], say.event.body["duplicate"])
    assert event.id == say.event.causation_id
    assert Known(revision=2, digest=DIGEST) == outcome.known


def test_saying_it_again_is_answered_with_the_same_receipt_and_nothing_else() -> None:
    event = samples.penalty()
    first = judge(arrive(event))
    again = judge(arrive(event), Known(revision=1, digest=DIGEST))
    (say,) = again.outputs

    assert isinstance(say, Say)
    assert isinstance(first.outputs[1], Say)
    assert first.outputs[1].event.id == say.event.id
    assert say.event.body["duplicate"]
    assert again.known is None


def test_a_confirmation_of_a_platform_gets_no_receipt() -> None:
    body = {
        "event_id": samples.penalty().id,
        "event_type": "penalty.decided",
        "provider": samples.PENALISING,
        "event_revision": 1,
        "acknowledgement": "7",
        "delivered_at": samples.NOW,
    }
    event = samples.said(
        DELIVERY_CONFIRMED, body, party="district-platform", subject=samples.penalty().subject
    )

    assert (Forward(topic=RECORDS),) == judge(arrive(event, sender="district-platform")).outputs
