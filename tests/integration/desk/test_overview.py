"""What one said, what was refused elsewhere, what one was told."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from tests import samples
from tests.integration.departments.small_gate import answer
from tests.integration.desk.rig import MEASURE, Office, hub_says, order

from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.store import Arrival
from credit_bus_connectors.departments.receipts import receipt_of

REASON = Reason(code="x", field="legal_basis", rule="处罚依据不得为空", remedy="请填写条款")


def hear(office: Office, event: Event, channel: str = "inbox", *, days: int = 0) -> None:
    """Keep an event as if it had just been read."""
    arrival = Arrival(
        party=office.party,
        channel=channel,
        event=event,
        heard_at=datetime.now(UTC) - timedelta(days=days),
        receipt=receipt_of(event),
    )
    office.desk.store.hear([arrival], {})


def test_what_was_refused_elsewhere_is_shown_with_every_reason(page: Page, office: Office) -> None:
    refused = answer(samples.penalty(1), (REASON, REASON), duplicate=False)
    office.add("li.si", Role.CLERK)
    hear(office, refused, "replies")
    hear(office, refused, "replies")
    hear(office, answer(samples.penalty(2), (), duplicate=False), "replies")
    office.log_in(page, "li.si")
    page.get_by_role("link", name="报送").click()
    page.get_by_role("link", name="其他方式报送的退回").click()

    expect(page.get_by_text("处罚依据不得为空")).to_have_count(2)
    assert 1 == len(office.desk.overview.refusals(office.party))
    assert [] == office.desk.overview.refusals("finance")


def test_refusals_are_kept_for_ninety_days(office: Office) -> None:
    hear(office, answer(samples.penalty(1), (REASON,), duplicate=False), "replies")
    office.desk.overview.forget(now=datetime.now(UTC) + timedelta(days=89))
    assert 1 == len(office.desk.overview.refusals(office.party))

    office.desk.overview.forget(now=datetime.now(UTC) + timedelta(days=91))
    assert [] == office.desk.overview.refusals(office.party)


def test_a_suspension_is_told_and_marks_the_order_until_it_is_resumed(
    page: Page, office: Office
) -> None:
    own = [{"measure": MEASURE, "implementer": office.party}]
    office.add("li.si", Role.CLERK)
    hear(office, order(office.party, 1))
    body = samples.suspension_body(1, implementers=own)
    hear(office, hub_says("action.suspended", body, 1, document="s"))
    office.log_in(page, "li.si")
    page.get_by_role("link", name="通知").click()
    page.get_by_role("link", name="中止").click()
    expect(page.get_by_text("恢复以前不得执行任何措施")).to_be_visible()

    body = samples.resumption_body(1, implementers=own)
    hear(office, hub_says("action.resumed", body, 1, document="r"))
    page.reload()
    expect(page.get_by_text("有关内容")).to_be_visible()
    assert 0 == page.get_by_text("恢复以前不得执行任何措施").count()
