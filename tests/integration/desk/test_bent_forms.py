"""Whatever a form says: an answer with its reasons, and never a broken page."""

import random
import re
from datetime import UTC, datetime

import httpx
import pytest
from tests import samples
from tests.integration.desk.rig import PASSWORD, Office, hub_says, order
from tests.integration.desk.test_initiations import draft

from credit_bus.domain.event import Event
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.store import Arrival

SEEDS = range(6)
WORDS = (
    "", " ", "accepted", "refused", "executed", "upheld", "dismissed", "withdrawn", "corrected",
    "not_accepted", "granted", "2026-06-01", "2026-02-30", "0001-01-01", "9999-12-31", "12.5",
    "1e999999", "NaN", "-1", "99999999999999999999", "constraint", "incentive", "organisation",
    "natural_person", "y", "<script>", "\u202e", "\x1b", "😀" * 300, "长" * 5000, "甲" * 200,
    "直接送达", "{{ 7 * 7 }}", "' OR 1=1 --", "../../etc", "procurement-defaulter",
    "court-listing-decision", "judgment-performance", "91620702999990010K",
)  # fmt: skip


def hear(office: Office, event: Event) -> None:
    """Keep an event as if it had just been read."""
    now = datetime.now(UTC)
    arrival = Arrival(party=office.party, channel="inbox", event=event, heard_at=now)
    office.desk.store.hear([arrival], {})


def everything_asked(office: Office) -> None:
    """A task of each kind."""
    own = [{"measure": samples.COURT_MEASURES[0], "implementer": office.party}]
    record = {"provider": office.party, "type": "licence.granted", "document_number": "甲1号"}
    about = {"record": record, "action_id": None}
    hear(office, order(office.party, 1))
    hear(office, order(office.party, 2))
    hear(office, hub_says("action.ended", samples.end_body(2, implementers=own), 2))
    objection = samples.objection_body(3, about=about)
    hear(office, hub_says("objection.raised", objection, 3, source=samples.WINDOW))
    repair = samples.repair_body(4, about=about, recogniser=office.party)
    hear(office, hub_says("repair.requested", repair, 4, source=samples.WINDOW))


class Visitor:
    """Somebody with every role, who sends what no browser would."""

    def __init__(self, office: Office) -> None:
        self._url = office.url
        self._cookie = ""
        self._token = ""
        self.get("/login")
        told = self.post("/login", {"account": "zhao.liu", "password": PASSWORD})
        assert 303 == told.status_code
        self.get("/tasks")

    def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return self._kept(
            httpx.get(self._url + path, headers=self._headers(), timeout=60, trust_env=False)
        )

    def post(self, path: str, fields: dict[str, str | list[str]]) -> httpx.Response:
        """Send a form with the token of the last page."""
        sent = {**fields, "csrf_token": self._token}
        return self._kept(
            httpx.post(
                self._url + path, data=sent, headers=self._headers(), timeout=60, trust_env=False
            )
        )

    def _headers(self) -> dict[str, str]:
        return {"cookie": self._cookie}

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        if "set-cookie" in answer.headers:
            self._cookie = answer.headers["set-cookie"].partition(";")[0]
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        self._token = found[1] if found else self._token
        return answer


@pytest.mark.parametrize("seed", SEEDS)
def test_no_form_breaks_a_page(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    office.add("zhao.liu", *Role)
    office.add("li.si", Role.CLERK)
    everything_asked(office)
    number = draft(office, "li.si")
    visitor = Visitor(office)
    tasks = [f"/tasks/{each.name}" for each in office.desk.store.tasks(office.party)]
    others = ["/initiations/new", f"/initiations/{number}/return", "/accounts", "/password"]
    others += ["/initiations/x/approve", "/accounts/0/password", "/tasks/none"]
    for path in (*tasks, *others):
        page = visitor.get(path.removesuffix("/return"))
        names = {*re.findall(r'name="([a-z_0-9]+)"', page.text)} - {"csrf_token"}
        for _ in range(4):
            fields: dict[str, str | list[str]] = {
                name: chance.choice(WORDS) for name in names if chance.random() < 0.9
            }
            if "measures" in fields or chance.random() < 0.1:
                fields["measures"] = chance.choices(WORDS, k=3)
            told = visitor.post(path, fields)

            assert told.status_code < 500, (seed, path, fields)
            assert "<script>" not in told.text
