"""The municipal platform: HTTP push of batches, with an idempotency key for each event.

Knows HTTP, and the tables of `municipal_tables.py` for what it pushes. Posts `/events` with at most
one event of a subject, so that several posts may run side by side and an event to be tried later
holds back its own subject alone.

The platform's answer stands for each event: `accepted` with its own name for the record, `refused`
with reasons, or `later`. No answer, an answer of another kind, 429 and 5xx mean the whole platform.
An identity number is told masked, and not at all when its key was destroyed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any

from credit_bus.domain.disputes import disputed_key, objection_key
from credit_bus.domain.event import Event, affected_key, affected_record, document_key
from credit_bus.domain.event_types import (
    LISTING_REMOVED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_WITHDRAWN,
)
from credit_bus_connectors.contract import Answer, Result, UnreachableError
from credit_bus_connectors.http_push import HttpPush, PushRefusedError
from credit_bus_connectors.personal import Keys, Numbers
from credit_bus_connectors.platforms.forms import Column, fill, stated, table_key
from credit_bus_connectors.platforms.municipal_tables import FORMS
from credit_bus_connectors.platforms.postgres import plain
from credit_bus_connectors.platforms.refusals import TOLD_CHARACTERS_MAX, refusal

POSTS_AT_ONCE_MAX = 4
EVENTS_PER_POST_MAX = 100
POST_BYTES_MAX = 4 * 1024 * 1024
REASONS_PER_ANSWER_MAX = 50
PATH = "/events"

_NO_EVENTS = b'{"events": []}'
_EMPTINESS_REFUSED = frozenset({400, 422})  # it has read the post: no gateway, no want of rights

_LATER = Answer(result=Result.TRY_LATER)


class MunicipalSink:
    """Delivers to the municipal platform."""

    def __init__(self, endpoint: str, *, connect_keys: Callable[[], Keys]) -> None:
        self._push = HttpPush(endpoint)
        self._numbers = Numbers(connect_keys)
        self._posters = ThreadPoolExecutor(POSTS_AT_ONCE_MAX, thread_name_prefix="municipal")

    def deliver(self, batch: Sequence[Event]) -> Sequence[Answer]:
        """Return one answer per event, in order.

        A platform that answered a part of the batch is there: what was in the other posts must be
        tried later. Raises UnreachableError when no post was answered, or one of them asks for
        rest: what the others delivered is answered the same when the batch comes again. Raises
        ValueError for a type without a form, and PushRefusedError when the platform refuses the
        request itself.
        """
        answers: dict[int, Answer] = {}
        later: set[str] = set()
        for wave in waves(batch):
            items = [
                (place, self._item(batch[place]))
                for place in wave
                if batch[place].subject not in later
            ]
            posts = [self._posters.submit(self._post, post) for post in _posts(items)]
            wait(posts)  # each is bounded; none may still be under way when the batch comes again
            failures: list[UnreachableError] = []
            for post in posts:
                try:
                    answers |= post.result()
                except UnreachableError as error:
                    failures.append(error)
            if failures:
                _raise_if_away(failures, answered=bool(answers))
            later |= {
                batch[place].subject
                for place, _ in items
                if answers.get(place, _LATER).result is Result.TRY_LATER
            }
        return [answers.get(place, _LATER) for place in range(len(batch))]

    def reach(self) -> None:
        """Return when the platform answers to a post of no events.

        Raises UnreachableError, and PushRefusedError when it refuses more than the emptiness.
        """
        try:
            self._push.post(PATH, _NO_EVENTS)
        except PushRefusedError as error:
            if error.status not in _EMPTINESS_REFUSED:
                raise

    def close(self) -> None:
        """Let go of the connections."""
        self._posters.shutdown(wait=True, cancel_futures=True)
        self._push.close()
        self._numbers.close()

    def _item(self, event: Event) -> str:
        """Return the event as the platform takes it, in JSON."""
        form = FORMS.get(table_key(event))
        if form is None:
            raise ValueError(
                f"the municipal platform has no form for {event.type}; take it out of its route"
            )
        item = {
            "id": event.id,
            "idempotency_key": f"{event.id}-{event.revision}",
            # Of the sealed form of what is told: neither a number erased since then nor a field
            # added by a newer schema may make the same event another one.
            "digest": _digest(event, form.columns),
            "type": form.kind,
            "document": document_key(event).hex(),
            "revision": event.revision,
            "subject": event.subject,
            "ends": _ends(event),
            "hides": _hides(event),
            "disputes": _disputes(event),
            "fields": fill(form.columns, self._numbers.opened(event.body).body),
        }
        return json.dumps(item, ensure_ascii=False, default=plain)

    def _post(self, items: Sequence[tuple[int, str]]) -> dict[int, Answer]:
        payload = f'{{"events": [{",".join(text for _, text in items)}]}}'
        told = self._push.post(PATH, payload.encode())
        answers = told.get("answers") if isinstance(told, Mapping) else None
        if not isinstance(answers, list) or len(answers) != len(items):
            raise UnreachableError("municipal platform: not one answer for each event")
        try:
            return {
                place: _answer(answer) for (place, _), answer in zip(items, answers, strict=True)
            }
        except (KeyError, TypeError, ValueError) as error:
            raise UnreachableError(
                f"municipal platform: an answer of unknown form ({type(error).__name__})"
            ) from error


def _raise_if_away(failures: Sequence[UnreachableError], *, answered: bool) -> None:
    """Raise the failure that asks for the longest rest, when one does or nothing was answered."""
    longest = max(failures, key=lambda failure: failure.retry_after_seconds)
    if longest.retry_after_seconds or not answered:
        raise longest


def waves(batch: Sequence[Event]) -> list[list[int]]:
    """Return the places of the batch's events: the first of each subject, then the second, ..."""
    found: list[list[int]] = []
    seen: dict[str, int] = {}
    for place, event in enumerate(batch):
        nth = seen.get(event.subject, 0)
        seen[event.subject] = nth + 1
        if nth == len(found):
            found.append([])
        found[nth].append(place)
    return found


def _posts(items: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Yield the items in posts of a bounded number and size; a single item may be larger."""
    post: list[tuple[int, str]] = []
    size = 0
    for item in items:
        item_bytes = len(item[1].encode())
        if post and (len(post) == EVENTS_PER_POST_MAX or size + item_bytes > POST_BYTES_MAX):
            yield post
            post, size = [], 0
        post.append(item)
        size += item_bytes
    if post:
        yield post


def _answer(told: Mapping[str, Any]) -> Answer:
    """Return what the platform says of one event. KeyError, TypeError, ValueError for nonsense."""
    match told["result"]:
        case "accepted":
            return Answer(
                result=Result.DELIVERED,
                acknowledgement=str(told["acknowledgement"]),
                answered_at=datetime.fromisoformat(told["answered_at"]),
            )
        case "refused":
            return Answer(
                result=Result.INVALID,
                answered_at=datetime.fromisoformat(told["answered_at"]),
                reasons=tuple(
                    refusal(
                        "refused-by-platform",
                        str(reason["field"]),
                        told=str(reason["message"])[:TOLD_CHARACTERS_MAX],
                    )
                    for reason in told["reasons"][:REASONS_PER_ANSWER_MAX]
                ),
            )
        case "later":
            return _LATER
        case other:
            raise ValueError(f"unknown result {other!r}")


def _ends(event: Event) -> dict[str, Any] | None:
    """Return what the platform holds no longer: of which document, up to which revision.

    None where nothing ends; without a revision for an entry on a list, which ends in all of them.
    """
    return _affected(event) if event.type in {RECORD_WITHDRAWN, LISTING_REMOVED} else None


def _hides(event: Event) -> dict[str, Any] | None:
    """Return what the platform holds on and shows no longer, likewise."""
    return _affected(event) if event.type == PUBLICITY_ENDED else None


def _disputes(event: Event) -> dict[str, Any] | None:
    """Return what the platform shows as disputed, or no more: by which objection, which document.

    A document is disputed while any objection about it is open. None where nothing is disputed.
    """
    about = disputed_key(event)
    if about is None:
        return None
    return {
        "document": about.hex(),
        "objection": objection_key(event).hex(),
        "open": event.type == OBJECTION_RAISED,
    }


def _affected(event: Event) -> dict[str, Any]:
    about, record = affected_key(event), affected_record(event.type, event.body)
    assert about is not None, event.type
    assert record is not None, event.type
    return {"document": about.hex(), "revision": record.revision}


def _digest(event: Event, columns: Sequence[Column]) -> str:
    sealed = {column.field: _said(stated(column, event.body)) for column in columns}
    content = json.dumps(sealed, ensure_ascii=False, default=plain, sort_keys=True)
    return hashlib.sha256(f"{event.type}\x1f{event.subject}\x1f{content}".encode()).hexdigest()


def _said(value: Any) -> Any:
    """Return the value without the fields that say nothing: a newer schema may add more of them."""
    if not isinstance(value, Mapping):
        return value
    return {name: _said(each) for name, each in value.items() if each is not None}
