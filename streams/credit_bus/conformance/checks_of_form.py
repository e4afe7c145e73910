"""Eyes on single records: headers, key, partition, body, transaction, identity numbers."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from credit_bus.conformance.evidence import of_document, visible
from credit_bus.conformance.history import Seen, Transaction
from credit_bus.conformance.look import Evidence, Eye, Look, found_in, header, looked
from credit_bus.conformance.statements import Statement
from credit_bus.contracts.identity import NONCE_BYTES, TAG_BYTES
from credit_bus.domain.event import Body
from credit_bus.domain.identifiers import check_resident_id
from credit_bus.domain.reason import Reason

_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx](?![0-9])")
_SHOWN = 4
_PREFIX_BYTES = 5  # a zero byte, and the schema id
_HEADERS = ("ce_", "content-type", "traceparent")

_Odd = Callable[[Body, Statement], tuple[str, str, str] | None]


def by_reasons(codes: Iterable[str]) -> Eye:
    """Return the eye for what the gate's own rules of these codes say against a record."""
    wanted = frozenset(codes)

    def eye(evidence: Evidence) -> Look:
        records = [seen for _, seen in visible(evidence.history)]
        return looked(
            len(records),
            (
                found_in(seen, reason.field, _told(seen, reason), f"{reason.rule}。{reason.remedy}")
                for seen in records
                for reason in seen.reasons
                if reason.code in wanted
            ),
        )

    return eye


def outside_transactions(evidence: Evidence) -> Look:
    """Find what was written outside any transaction."""
    records = [seen for _, seen in visible(evidence.history)]
    return looked(
        len(records),
        (
            found_in(seen, "", "该消息不在任何事务之中", "每条消息都在一个已提交的事务之中")
            for seen in records
            if seen.record.transaction is Transaction.NONE
        ),
    )


def left_in_aborted(evidence: Evidence) -> Look:
    """Find what was written in a transaction that did not commit, and never said again."""
    records = [entry for entry in evidence.history if isinstance(entry, Seen)]
    came = {_content(seen) for seen in records if seen.record.is_visible}
    return looked(
        len(records),
        (
            found_in(
                seen,
                "",
                f"所在事务未提交（{seen.record.transaction}），此后也没有在已提交的事务中重新发送",
                "未提交的事务等于没有报送，须在新的事务中原样重发",
            )
            for seen in records
            if not seen.record.is_visible and _content(seen) not in came
        ),
    )


def clear_numbers(evidence: Evidence) -> Look:
    """Find identity numbers in clear, in what was not committed as well: it lies there, too."""
    records = [entry for entry in evidence.history if isinstance(entry, Seen)]
    known = {each.identity for each in evidence.plan.statements if each.identity}
    return looked(
        len(records),
        (
            found_in(seen, place, f"证件号码 {_masked(number)}", "证件号码只能以密文出现")
            for seen in records
            for place, number in _numbers(seen, known)
        ),
    )


def sealed_boxes(evidence: Evidence) -> Look:
    """Find sealed numbers whose box cannot hold that number and no more."""
    return _sealed(evidence, _odd_box)


def pseudonyms(evidence: Evidence) -> Look:
    """Find persons who are not named by the pseudonym of their number under the given secret."""
    return _sealed(evidence, _odd_pseudonym)


def _sealed(evidence: Evidence, odd: _Odd) -> Look:
    pairs = [
        (seen, each)
        for each in evidence.plan.statements
        if each.identity is not None
        for _, seen in of_document(evidence.history, each)
    ]
    found = []
    for seen, statement in pairs:
        assert seen.body is not None, "what is of a document has a body"
        sealed = seen.body["subject"]["person_id"] or {"pseudonym": "", "box": b""}
        wrong = odd(sealed, statement)
        if wrong is not None:
            found.append(found_in(seen, *wrong))
    return looked(len(pairs), found)


def _odd_box(sealed: Body, statement: Statement) -> tuple[str, str, str] | None:
    size = NONCE_BYTES + TAG_BYTES + len((statement.identity or "").encode())
    told = len(sealed["box"])
    if told == size:
        return None
    return (
        "subject.person_id.box",
        f"密文 {told} 字节",
        f"密文 {size} 字节：随机数 {NONCE_BYTES}、与号码等长的密文、校验 {TAG_BYTES}",
    )


def _odd_pseudonym(sealed: Body, statement: Statement) -> tuple[str, str, str] | None:
    told = sealed["pseudonym"]
    if told == statement.subject:
        return None
    return (
        "subject.person_id.pseudonym",
        f"假名 {told or '（没有）'}",
        f"假名 {statement.subject}：规范化号码在 identity_secret 下的 HMAC-SHA256",
    )


def _numbers(seen: Seen, known: Collection[str]) -> Iterator[tuple[str, str]]:
    message = seen.record.message
    parts = [("key", message.key), ("正文", message.value), *message.headers]
    for place, raw in parts:
        text = (raw or b"").decode("latin-1")
        numbers = {n for n in _NUMBER.findall(text) if check_resident_id(n.upper()) is None}
        yield from ((place, n) for n in sorted(numbers | {n for n in known if n in text}))


def _masked(number: str) -> str:
    return number[:_SHOWN] + "*" * (len(number) - 2 * _SHOWN) + number[-_SHOWN:]


def _content(seen: Seen) -> tuple[str | None, object]:
    """Return what tells one statement from another, whichever attempt it was."""
    body = seen.body or {}
    return seen.kind, tuple(
        body.get(name) for name in ("document_number", "case_number", "action_id", "measure")
    )


def _told(seen: Seen, reason: Reason) -> str:
    """Return what stands there: the header as it came, or the field that is named."""
    if reason.field.startswith(_HEADERS):
        return f"{reason.field} = {header(seen, reason.field)}"
    if reason.code in {"key-missing", "wrong-partition"}:
        return f"键 {header(seen, 'key')}，分区 {seen.record.message.partition}" + (
            "" if seen.record.home is None else f"，该键应在分区 {seen.record.home}"
        )
    if reason.field:
        return f"字段 {reason.field}"
    value = seen.record.message.value
    if not value:
        return "没有正文"
    if value[0] == 0 and len(value) >= _PREFIX_BYTES:
        number = int.from_bytes(value[1:_PREFIX_BYTES], "big")
        return f"正文 {len(value)} 字节，模式编号 {number}"
    return f"正文 {len(value)} 字节，开头 {value[:_PREFIX_BYTES].hex()}"
