"""The recount of objections and repairs, and of how long a record is shown at least."""

from dataclasses import dataclass
from datetime import date

from credit_bus.domain.event import Body, Event, document_of
from credit_bus.domain.objections import UPHELD
from credit_bus.domain.references import owner_of
from credit_bus.domain.repairs import GRANTED
from credit_bus.domain.terms import publicity_of
from credit_bus.operations.recounted_days import Owed, Sheet

_Name = tuple[str | None, ...]


class Shown:
    """From which day on the repair of each record may be asked for."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._until: dict[tuple[str, str, str], date] = {}

    def stated(self, event: Event) -> None:
        """Note the day of a newer revision."""
        publicity = publicity_of(event.type, event.body, self._sheet.registry)
        if publicity is not None:
            name = (event.source, event.type, document_of(event.type, event.body))
            self._until[name] = publicity.minimum_until

    def is_early(self, about: Body, day: date) -> bool:
        """Return whether that day comes before it."""
        record = about["record"]
        if record is None:
            return False
        name = (record["provider"], record["type"], record["document_number"])
        return day < self._until.get(name, date.min)


@dataclass(slots=True, kw_only=True)
class _Objection:
    event: str
    owner: str
    verification: Owed | None
    decision: str = ""


@dataclass(slots=True, kw_only=True)
class _Repair:
    recogniser: str
    acceptance: Owed | None = None
    deciding: Owed | None = None
    accepted: bool = False
    decided: bool = False
    effective_on: date | None = None


class Cases:
    """The objections and repairs of one subject, by who brought them and under which number."""

    def __init__(self, sheet: Sheet, shown: Shown) -> None:
        self._sheet = sheet
        self._shown = shown
        self._objections: dict[_Name, _Objection] = {}
        self._repairs: dict[_Name, _Repair] = {}

    def is_open(self, raised: str) -> bool:
        """Return whether the objection that this event raised is being verified."""
        return any(each.event == raised and not each.decision for each in self._objections.values())

    def raised(self, event: Event) -> None:
        """A new objection; said again it is the same."""
        name = _name(event.source, event.body["objection_number"], event.body)
        if name in self._objections:
            return
        owner = owner_of(event.body["about"])
        self._sheet.count(owner, "objected")
        self._objections[name] = _Objection(
            event=event.id, owner=owner, verification=self._owed(owner, "verify_objection")
        )

    def verified(self, event: Event) -> None:
        """The first decision ends the verification; once upheld it stays so."""
        body = event.body
        objection = self._objections.get(_name(body["raised_by"], body["objection_number"], body))
        if objection is None:
            self._sheet.count(event.source, "unmatched")
            return
        if objection.decision == UPHELD:
            return
        if not objection.decision:
            self._sheet.count(objection.owner, "objection_decided")
        if objection.verification is not None:
            self._sheet.count_done("objection_decided", objection.verification)
            objection.verification = None
        objection.decision = body["decision"]
        if objection.decision == UPHELD:
            self._sheet.count(objection.owner, "objection_upheld")

    def requested(self, event: Event) -> None:
        """A new request; said again it is the same."""
        body = event.body
        name = _name(event.source, body["request_number"], body)
        if name in self._repairs:
            return
        recogniser = body["recogniser"]
        self._sheet.count(recogniser, "repair_requested")
        if self._shown.is_early(body["about"], body["requested_on"]):
            self._sheet.count(recogniser, "repair_early")
        self._repairs[name] = _Repair(
            recogniser=recogniser, acceptance=self._owed(recogniser, "decide_acceptance")
        )

    def accepted(self, event: Event) -> None:
        """Taken in once, before it is decided."""
        repair = self._repair(event)
        if repair.accepted or repair.decided:
            return
        self._sheet.count(repair.recogniser, "repair_accepted")
        if repair.acceptance is not None:
            self._sheet.count_done("repair_accepted", repair.acceptance)
            repair.acceptance = None
        repair.accepted = True
        repair.deciding = self._owed(repair.recogniser, "decide_repair")

    def decided(self, event: Event) -> None:
        """Decided, also without having been taken in; what is in effect stays so."""
        repair = self._repair(event)
        if repair.effective_on is not None and repair.effective_on <= self._sheet.today:
            return
        if not repair.decided:
            self._sheet.count(repair.recogniser, "repair_decided")
        for owed in (repair.acceptance, repair.deciding):
            if owed is not None:
                self._sheet.count_done("repair_decided", owed)
        repair.acceptance = repair.deciding = None
        repair.decided = True
        repair.effective_on = event.body["effective_on"]
        if event.body["decision"] == GRANTED:
            self._sheet.count(repair.recogniser, "repaired")

    def _repair(self, event: Event) -> _Repair:
        """Return the case, opened by the recogniser's own word when nobody asked over the bus."""
        body = event.body
        name = _name(body["requested_by"], body["request_number"], body)
        return self._repairs.setdefault(name, _Repair(recogniser=owner_of(body["about"])))

    def _owed(self, party: str, obligation: str) -> Owed:
        return Owed(party=party, obligation=obligation, since=self._sheet.today)


def _name(brought_by: str, number: str, body: Body) -> _Name:
    """Return what names a case: who brought it, under which number, about what."""
    about = body["about"]
    record = about["record"] or {"provider": None, "type": None, "document_number": None}
    return (
        brought_by,
        number,
        about["action_id"],
        record["provider"],
        record["type"],
        record["document_number"],
    )
