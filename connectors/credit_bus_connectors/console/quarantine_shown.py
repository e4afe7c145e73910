"""What pages show of the quarantine and of redrives: values made of values. Pure."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.event_types import term_of
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus.operations.quarantine.kept import Kept, plain
from credit_bus.operations.quarantine.rejudged import Judgement
from credit_bus.operations.quarantine.tally import Tally
from credit_bus_connectors.console import shown, words
from credit_bus_connectors.console.operators import Act, hindrance
from credit_bus_connectors.departments.desk.access import Account
from credit_bus_connectors.monitor.quarantine_store import Filter, Listed
from credit_bus_connectors.monitor.redrive_store import Redrive

ASKED = ("party", "type", "code", "first", "last")
WORD_CHARACTERS_MAX = 128


def asked_in(given: Mapping[str, str]) -> dict[str, str]:
    """Return what a query asks for, each "" when it is nothing that could be found."""
    asked = {name: given.get(name, "")[:WORD_CHARACTERS_MAX].strip() for name in ASKED}
    days = {name: asked[name] if _day(asked[name]) else "" for name in ("first", "last")}
    return {**{name: each if each.isprintable() else "" for name, each in asked.items()}, **days}


def filter_of(asked: Mapping[str, str]) -> Filter:
    """Return which messages are asked for."""
    return Filter(
        party=asked["party"] or None,
        type=asked["type"] or None,
        code=asked["code"] or None,
        first=_day(asked["first"]),
        last=_day(asked["last"]),
    )


def query_of(asked: Mapping[str, str]) -> str:
    """Return the query that asks for it, "" for everything."""
    return urlencode({name: each for name, each in asked.items() if each})


def whole(kept: Kept, codec: Codec) -> dict[str, Any]:
    """Return all of a message; its body as text."""
    told = plain(kept, codec)
    body = dict(told["body"])
    if body["decodes"]:
        body["content"] = json.dumps(body["content"], ensure_ascii=False, indent=1)
    said = {**told["said"], "at": shown.moment(moment_of(kept.message.timestamp_ms))}
    return {**told, "body": body, "said": said}


def row_of(each: Listed, registry: Registry) -> dict[str, Any]:
    """Return a message as a row of a table."""
    state, mark = words.PLACES.get(each.state or "", ("", ""))
    return {
        "place": f"{each.partition}@{each.offset}",
        "term": term_of(each.type) or "无法辨认",
        "party": registry.name_of(each.party) if each.party else "",
        "kept": shown.moment(each.kept_at),
        "codes": each.codes,
        "redrive": each.redrive,
        "state": state,
        "mark": mark,
    }


def judged_of(judged: Judgement) -> dict[str, Any]:
    """Return what today's rules say, and what is different."""
    text, mark = words.VERDICTS[judged.verdict]
    return {
        "verdict": text,
        "mark": mark,
        "rule": judged.rule,
        "parts": [
            (title, [_reason(each) for each in reasons])
            for title, reasons in (
                ("不再成立的理由", judged.gone),
                ("仍然成立的理由", judged.stay),
                ("新的理由", judged.new),
            )
            if reasons
        ],
    }


def tally_of(tally: Tally) -> dict[str, Any]:
    """Return what a redrive of many would do."""
    codes = [(code, words.LEFT.get(code, ""), number) for code, number in tally.codes.items()]
    return {"taken": tally.taken, "left": tally.left, "codes": codes}


def redrive_of(found: Redrive, account: Account) -> dict[str, Any]:
    """Return a redrive, and what the account may do about it."""
    state, mark = words.REDRIVES[found.state]
    by = found.proposed_by
    is_open = found.is_open
    return {
        "number": found.number,
        "state": state,
        "mark": mark,
        "why": found.why,
        "asked": found.asked,
        "first": str(found.first),
        "places": found.places,
        "sent_count": found.sent,
        "left_count": found.left,
        "waiting_count": found.waiting if is_open else 0,
        "proposed": f"{by}，{shown.moment(found.proposed_at)}",
        "decided": f"{found.decided_by}，{shown.moment(found.decided_at)}"
        if found.decided_by
        else "",
        "sent": "" if found.sent_at is None else shown.moment(found.sent_at),
        "is_open": is_open,
        "is_approved": found.state == "approved",
        "may_approve": is_open and hindrance(account, Act.APPROVE, proposed_by=by) is None,
        "may_decline": found.state == "waiting" and hindrance(account, Act.DECLINE) is None,
        "is_own": is_open and by == account.name,
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {
        "code": reason.code,
        "field": reason.field,
        "rule": reason.rule,
        "remedy": reason.remedy,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
