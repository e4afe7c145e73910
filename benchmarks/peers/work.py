"""What every peer is given: licences and penalties of 2018 by four departments, some of them bad.

Seeded, so that two runs and two peers read the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from tests import samples

from credit_bus.contracts.wire import Message
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.synthetic import SYNTHETIC_CODES_MAX
from credit_bus.runtime.batch import partition_of

PARTITIONS = 4
PARTIES = ("market-regulation", "emergency-management", "housing-construction", "transport")
REPEATED_SHARE = 0.02  # said again as it was: answered, and nothing else
BAD_SHARE = 0.05
FACTS_CHARACTERS = 60  # brings a body to about 700 bytes, headers not counted

_FACTS = (
    "经检查，当事人在经营场所内销售超过保质期的食品，"
    "现场查获实物并制作笔录，当事人对上述事实予以确认。"
)


def messages(
    count: int,
    *,
    seed: int = 1,
    bad_share: float = BAD_SHARE,
    repeated_share: float = REPEATED_SHARE,
    parties: Sequence[str] = PARTIES,
    first: int = 0,
) -> Iterator[Message]:
    """Yield that many messages, each as its department writes it to its outbox.

    The documents are numbered from `first` on.
    """
    random = Random(seed)
    last: Message | None = None
    for number in range(first, first + count):
        draw = random.random()
        if last is not None and draw < repeated_share:
            yield last
            continue
        message = samples.message(_event(number, random, parties))
        if draw > 1 - bad_share:
            yield _bad(message, random)
        else:
            yield message
            last = message


def placed(message: Message) -> Message:
    """Return the message in its key's partition; its offset is the broker's to give."""
    return replace(message, partition=partition_of(message.key or b"", PARTITIONS))


def _event(number: int, random: Random, parties: Sequence[str] = PARTIES) -> Event:
    # A subject is spoken of by one department, so the order under its key is that of one topic.
    subject = number % SYNTHETIC_CODES_MAX
    party = parties[subject % len(parties)]
    text = "".join(random.choices(_FACTS, k=FACTS_CHARACTERS))
    told = {"document_number": f"甘区〔2026〕{number}号", "remark": text[::-1]}
    if random.random() < 0.5:
        body = samples.penalty_body(subject, **told, facts=text)
        return samples.said(PENALTY_DECIDED, body, party=party)
    body = samples.licence_body(subject, **told, content=text)
    return samples.said(LICENCE_GRANTED, body, party=party)


def _bad(message: Message, random: Random) -> Message:
    """Spoil the message in one of the ways that departments' systems do."""
    headers = dict(message.headers)
    value = message.value or b""
    changed: dict[str, Any]
    match random.randrange(4):
        case 0:
            changed = {"value": value[: len(value) // 2]}
        case 1:
            changed = {"headers": tuple((headers | {"ce_id": b"0" * 32}).items())}
        case 2:
            headers.pop("ce_time")
            changed = {"headers": tuple(headers.items())}
        case _:
            changed = {"headers": tuple((headers | {"ce_source": b"district-court"}).items())}
    return replace(message, **changed)
