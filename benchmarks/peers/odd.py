"""Messages that break the rules: each rule by itself, several at once, and bytes at random.

A peer that judges by checks of its own must refuse them for the very same reasons. Not for timing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from tests import samples

from benchmarks.peers.work import PARTITIONS, placed
from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import outbox
from credit_bus.domain.event_types import EVENT_ACCEPTED, LICENCE_GRANTED, PENALTY_DECIDED

Changes = Mapping[str, Any]
Spoil = Callable[[Message, Random], Message]

_PARTY = samples.PENALISING
_SEALED = {"pseudonym": "a" * 64, "box": bytes(46)}
_OTHER_CHECK = "0" if samples.subject(0)["uscc"][17] != "0" else "1"
# An amount of two in Avro, and amounts of too many bytes and too many digits.
_TWO = b"\x02\x06" + (2_000_000).to_bytes(3, "big")
_TOO_LONG = b"\x02\x22" + bytes(17)
_TOO_MUCH = b"\x02\x10" + (10**18).to_bytes(8, "big")
_LONG_TERM_PASSED = date(2100, 1, 1)

# Changes of a subject, whatever record it stands in.
_SUBJECTS: tuple[Changes, ...] = (
    {},
    {"name": " "},
    {"name": "示" * 201, "tax_number": "1" * 16},
    {"name": "示例\u202e公司", "registration_number": "无", "society_certificate": "—" * 51},
    {"name": "示例𠮷公司", "representative_name": "代\u0007表人"},
    {"name": "\u3000示例公司\u3000", "representative_name": None},
    {"uscc": None},
    {"uscc": "00000000000000000X"},
    {"uscc": "91620702"},
    {"uscc": "91620702MA7I00000X"},
    {"uscc": "00620702MA7200000X"},
    {"uscc": "91620702MA7200000X", "organisation_code": "123456789"},
    {"uscc": samples.subject(0)["uscc"][:17] + _OTHER_CHECK},
    {"organisation_code": "MA72-0000"},
    {"person_id": _SEALED, "person_id_type": "身份证"},
    {"representative_id": _SEALED},
    {"representative_id": {"pseudonym": "A" * 64, "box": b""}, "representative_id_type": "其他-"},
    {"representative_id_type": "其他-军官证"},
    {"representative_id_type": "驾驶证"},
    {"category": "individual_business", "uscc": None},
    {"category": "individual_business", "uscc": None, "representative_id": _SEALED},
    {"category": "individual_business", "uscc": "00000000000000000X"},
    {
        "category": "natural_person",
        "uscc": None,
        "representative_name": None,
        "person_id_type": "身份证",
        "person_id": _SEALED,
    },
    {"category": "natural_person"},
    {"category": "natural_person", "uscc": None, "representative_name": "/"},
    {
        "category": "natural_person",
        "person_id_type": "其他",
        "person_id": {"pseudonym": "b" * 63, "box": bytes(300)},
    },
)

_LICENCES: tuple[Changes, ...] = (
    {"document_title": None, "document_number": " 甘区\t1号", "content": ""},
    {"document_title": "文" * 65, "document_number": "号" * 65, "remark": "注" * 513},
    {"category": "其他"},
    {"category": "其他-" + "类" * 254},
    {"category": "临时", "state": "3"},
    {"state": None, "valid_from": None},
    {"decided_on": date(2099, 1, 1), "valid_to": _LONG_TERM_PASSED},
    {"valid_from": date(2030, 1, 1)},
    {"authority_code": None, "source_code": "00000000000000000X", "source_name": "—"},
    {"authority_code": "1162070201320000XX", "source_code": "/"},
    {"project_name": "食品", "usage_scope": "0", "division": "无", "power_code": " "},
    {"publicity_state": "0", "recorded_at": datetime(2026, 5, 21, 2, tzinfo=UTC)},
    {"generation": "2020"},
)

_PENALTIES: tuple[Changes, ...] = (
    {"document_number": "", "violation": "/", "facts": "\x00", "legal_basis": "据" * 2049},
    {"document_number": "甘区罚\u20281号", "facts": "事" * 2001, "content": "罚" * 4001},
    {"document_number": "号" * 300},
    {"categories": []},
    {"categories": ["罚款", "罚款", "没收违法所得", "吊销许可证件"], "fine_10k": None},
    {"categories": ["警告", "其他", "其他-", "其他-训诫", "罚金"]},
    {"categories": ["其他-" + "类" * 260]},
    {"categories": ["暂扣许可证件"], "revoked_certificate": "食品经营许可证"},
    {"fine_10k": Decimal("-0.000001"), "confiscated_10k": Decimal("999999999999.999999")},
    {"decided_on": date(2099, 1, 1), "valid_until": date(2098, 1, 1)},
    {"valid_until": None, "publish_until": date(2020, 1, 1)},
    {"valid_until": _LONG_TERM_PASSED, "publish_until": _LONG_TERM_PASSED},
    {"authority_code": "", "source_code": "91620702MA7I00000X", "authority_name": "局" * 256},
    {"title": "案", "severity": "1", "remark": "无"},
    {"generation": "二〇一八"},
)


def _header(name: str, value: bytes) -> Spoil:
    def spoil(message: Message, _: Random) -> Message:
        return replace(message, headers=tuple((dict(message.headers) | {name: value}).items()))

    return spoil


def _without(name: str) -> Spoil:
    return lambda message, _: replace(
        message, headers=tuple(each for each in message.headers if each[0] != name)
    )


def _more(*headers: tuple[str, bytes]) -> Spoil:
    return lambda message, _: replace(message, headers=(*message.headers, *headers))


def _value(change: Callable[[bytes], bytes | None]) -> Spoil:
    return lambda message, _: replace(message, value=change(message.value or b""))


def _flip(message: Message, random: Random) -> Message:
    value = bytearray(message.value or b"\x00")
    for _ in range(random.randint(1, 3)):
        value[random.randrange(min(5, len(value) - 1), len(value))] = random.randrange(256)
    return replace(message, value=bytes(value))


def _cut(message: Message, random: Random) -> Message:
    value = message.value or b"\x00"
    return replace(message, value=value[: random.randrange(len(value))])


def _elsewhere(message: Message, _: Random) -> Message:
    if message.key is None:
        return message
    here = placed(message)
    return replace(here, partition=(here.partition + 1) % PARTITIONS)


def _other_key(message: Message, _: Random) -> Message:
    return replace(message, key=b"not " + message.key) if message.key else message


def _keyless(message: Message, _: Random) -> Message:
    # All under no key at all: one sender and one partition, for one order.
    return replace(message, key=None, topic=outbox(_PARTY), partition=0)


_SPOILS: tuple[Spoil, ...] = (
    *(_without(name) for name in ("ce_id", "ce_type", "ce_subject", "ce_revision")),
    *(_header(name, b"") for name in ("ce_id", "ce_source", "traceparent")),
    *(_header("ce_time", text) for text in (
        b"2026-05-20T08:00:00Z", b"2026-02-30T08:00:00.000Z", b"2026-05-20T24:00:00.000Z",
        b"2199-01-01T00:00:00.000Z", b"1990-01-01T00:00:00.000Z", b"0000-01-01T00:00:00.000Z",
        b"2026-05-20T08:00:60.000Z", b"9999-12-31T23:59:59.999Z", b"0001-01-01T00:00:00.000Z",
    )),
    *(_header("ce_revision", text) for text in (b"0", b"01", b"1000000000", "１".encode())),
    *(_header("ce_type", text) for text in (
        b"penalty.invented", b"measure.executed", b"licence.granted",
    )),
    _header("ce_specversion", b"0.3"),
    _header("content-type", b"application/json"),
    _header("ce_source", b"district-court"),
    _header("ce_source", "甘州区".encode()),
    _header("ce_id", b"x" * 129),
    _header("ce_id", b"\xff\xfe"),
    _header("ce_subject", b"another"),
    _header("ce_subject", "a\u00a0b".encode()),
    _header("ce_correlationid", b"some-other"),
    _header("traceparent", b"00-" + b"1" * 32 + b"-" + b"2" * 16 + b"-01"),
    _more(("ce_id", b"again"), ("x", b"1"), ("x", b"2")),
    _more(("ce_type", b"licence.granted"), ("ce_correlationid", b"c"), ("bad name", b"")),
    _more(*((f"x-{number}", b"y" * 8_000) for number in range(9))),
    _keyless,
    _elsewhere,
    _other_key,
    _value(lambda _: None),
    _value(lambda _: b""),
    _value(lambda value: value + b"\x00"),
    _value(lambda value: b"\x01" + value[1:]),
    _value(lambda value: b"\x00\x00\x00\x27\x0f" + value[5:]),
    _value(lambda value: b"\x00\x00\x00\x00\x05" + value[5:]),
    _value(lambda value: value[:3]),
    _value(lambda value: value[:5]),
    _value(lambda value: value + bytes(1_048_576)),
    _value(lambda value: value.replace(_TWO, _TOO_LONG)),
    _value(lambda value: value.replace(_TWO, _TOO_MUCH)),
    *(_cut,) * 4,
    *(_flip,) * 24,
)  # fmt: skip


def messages(count: int, *, seed: int = 1) -> Iterator[Message]:
    """Yield that many messages, each in the partition where it is to lie."""
    random = Random(seed)
    for number in range(count):
        if number % 50 == 3:
            yield placed(_of_the_bus(number))
            continue
        if number % 50 < 3:  # a newer revision, an older one, and the newer one otherwise
            yield _revised(number - number % 50, number % 50)
            continue
        message = replace(_stated(number, random), partition=-1)
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            message = random.choice(_SPOILS)(message, random)
        yield message if message.partition >= 0 else placed(message)


def _stated(number: int, random: Random) -> Message:
    if random.random() < 0.5:
        kind, changes, body_of = PENALTY_DECIDED, _PENALTIES, samples.penalty_body
    else:
        kind, changes, body_of = LICENCE_GRANTED, _LICENCES, samples.licence_body
    told: dict[str, Any] = {}
    for _ in range(random.choice((0, 0, 1, 2))):
        told |= random.choice(changes)
    subject = samples.subject(number, **random.choice((*_SUBJECTS, *({},) * len(_SUBJECTS))))
    for name in ("person_id", "representative_id"):
        if subject[name] is _SEALED:
            subject[name] = {**_SEALED, "pseudonym": f"{number:064x}"}
    body = body_of(number, **told, subject=subject)
    party = random.choice((*(_PARTY,) * 9, samples.COURT))  # a court has no right to either
    return samples.message(samples.said(kind, body, party=party, subject=_key(number, subject)))


def _key(number: int, subject: Mapping[str, Any]) -> str:
    """Return a key of this number's own: the order under one key must be that of one topic."""
    if subject["uscc"] == samples.subject(number)["uscc"]:
        return str(subject["uscc"])
    holder = subject["person_id"] or subject["representative_id"]
    return f"{number:064x}" if holder and not subject["uscc"] else f"nobody-{number}"


def _of_the_bus(number: int) -> Message:
    body = {
        "event_id": "0" * 32,
        "event_type": PENALTY_DECIDED,
        "event_revision": number,
        "duplicate": False,
        "accepted_at": samples.NOW,
        "rule_version": "0" * 12,
    }
    said = samples.said(EVENT_ACCEPTED, body, party=_PARTY, subject=samples.subject(number)["uscc"])
    return samples.message(said)


def _revised(number: int, step: int) -> Message:
    revision, remark = ((2, None), (1, None), (2, "更正"))[step]
    event = samples.said(
        PENALTY_DECIDED, samples.penalty_body(number, remark=remark), party=_PARTY,
        revision=revision,
    )  # fmt: skip
    return placed(samples.message(event))
