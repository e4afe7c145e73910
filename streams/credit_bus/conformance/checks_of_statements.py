"""Eyes on what the department was asked to say: arrival, words, order, repeats."""

from collections.abc import Iterator

from credit_bus.conformance.checks_of_corrections import correcting
from credit_bus.conformance.evidence import of_document, sayings, visible
from credit_bus.conformance.history import Deed, Seen, at
from credit_bus.conformance.look import Evidence, Finding, Look, found_in, header, is_behind, looked
from credit_bus.conformance.plan import (
    ANSWERS,
    FIRST_FILE,
    SECOND_FILE,
    STATED,
    differences,
    of,
    says,
)
from credit_bus.conformance.statements import Statement
from credit_bus.contracts.plain import to_plain
from credit_bus.contracts.refusals import WIRE_RULES

# What may still be on its way when its receipt is given.
REPEATS_MAX = 2
VALUE_CHARACTERS_SHOWN_MAX = 200

Places = list[tuple[int, Seen]]


def arrivals(evidence: Evidence) -> Look:
    """Find statements that never came. One that may be among the unreadable is no finding."""
    plan, history = evidence.plan, evidence.history
    missing = [each for each in plan.statements if not _came(evidence, each)]
    unreadable = [seen for _, seen in visible(history) if seen.body is None or _is_odd(seen)]
    if missing and len(missing) <= len({seen.record.message.key for seen in unreadable}):
        why = (
            f"有 {len(unreadable)} 条消息无法读取，不能判定它们是否就是未见的 {len(missing)} 条陈述"
        )
        return looked(0, (), untested=why)
    return looked(
        len(plan.statements),
        (
            Finding(
                field=f"{FIRST_FILE} 第 {each.number} 项",
                seen=f"没有见到文号 {each.document} 的 {each.kind}",
                wanted="清单中的每一项都须到达发件主题",
            )
            for each in missing
        ),
    )


def contents(evidence: Evidence) -> Look:
    """Find statements whose words are not those that were given."""
    plan, history = evidence.plan, evidence.history
    pairs = [(seen, each) for each in plan.statements for _, seen in of_document(history, each)]
    return looked(
        len(pairs),
        (
            found_in(
                seen,
                "、".join(one.field for one in odd),
                f"第 {each.number} 项：" + "；".join(_said(one.field, one.found) for one in odd),
                "清单为 " + "；".join(_said(one.field, one.wanted) for one in odd),
            )
            for seen, each in pairs
            if (odd := differences(seen.body or {}, each)) and not _is_correction(evidence, seen)
        ),
    )


def unasked(evidence: Evidence) -> Look:
    """Find what nobody asked for: records of no statement, answers to no order."""
    records = [seen for _, seen in visible(evidence.history) if not seen.reasons]
    actions = {(case.action, case.measure) for case in evidence.plan.cases}
    return looked(
        len(records),
        (
            found_in(seen, "", f"清单和推送之外的 {seen.kind}", "检测期间只报送检测要求的内容")
            for seen in records
            if not _is_asked(evidence, seen, actions)
        ),
    )


def order_of_subject(evidence: Evidence) -> Look:
    """Find statements on one subject that came in another order than they were given."""
    firsts = [
        (each, found[0][1])
        for each in evidence.plan.statements
        if (found := of_document(evidence.history, each))
    ]
    pairs = [
        (earlier, later)
        for index, earlier in enumerate(firsts)
        for later in firsts[index + 1 :]
        if earlier[0].subject == later[0].subject
    ]
    return looked(
        len(pairs),
        (
            found_in(
                two,
                "",
                f"第 {later.number} 项在先，第 {earlier.number} 项（{_place(one)}）在后",
                f"同一主体先说的先到：第 {earlier.number} 项在前",
            )
            for (earlier, one), (later, two) in pairs
            if is_behind(one, two)
        ),
    )


def repeats_alike(evidence: Evidence) -> Look:
    """Find a statement that was said again with another key, header or byte."""
    repeats = [
        (seen, first)
        for each in (*evidence.plan.statements, *evidence.plan.corrections)
        for first, *later in _by_revision(sayings(evidence.history, each))
        for seen in later
    ]
    why = None if repeats else "没有见到任何重发：适配器在重启之后、限时之内没有再发未获回执的陈述"
    return looked(
        len(repeats),
        (
            found_in(
                seen,
                _changed(seen, first),
                f"重发与首次（{_place(first)}）不同：{_change(seen, first)}",
                "重发须与首次逐字节相同：编号、时间、全部消息头、键和正文",
            )
            for seen, first in repeats
            if seen.wire != first.wire
        ),
        untested=why,
    )


def repeats_after_acceptance(evidence: Evidence) -> Look:
    """Find what is said again and again though its receipt was given."""
    given, again = at(evidence.history, Deed.ANSWER), at(evidence.history, Deed.ANSWER_AGAIN)
    return _too_often(evidence, given, again, "已给受理回执，此后又重发 {count} 次", refused=False)


def repeats_after_second_receipt(evidence: Evidence) -> Look:
    """Find what a second receipt for the same thing set off."""
    if repeats_after_acceptance(evidence).findings:
        return looked(0, (), untested="首次回执之后就一直重发，无从判定再次回执的作用")
    again = at(evidence.history, Deed.ANSWER_AGAIN)
    until = at(evidence.history, Deed.HAND, SECOND_FILE)
    return _too_often(evidence, again, until, "再次给出回执后又报送 {count} 次", refused=False)


def repeats_after_refusal(evidence: Evidence) -> Look:
    """Find what is said again unchanged though it was refused."""
    given = at(evidence.history, Deed.ANSWER)
    told = "已退回，此后又以同样内容报送 {count} 次"
    return _too_often(evidence, given, None, told, refused=True)


def _too_often(
    evidence: Evidence, start: int | None, end: int | None, told: str, *, refused: bool
) -> Look:
    if start is None:
        return looked(0, ())
    watched = [each for each in evidence.plan.statements if each.refused is refused]
    repeats = {
        each.number: [
            seen
            for place, seen in sayings(evidence.history, each)
            if place > start and (end is None or place < end)
        ]
        for each in watched
    }
    return looked(
        len(watched),
        (
            found_in(
                repeats[each.number][-1],
                f"第 {each.number} 项",
                told.format(count=len(repeats[each.number])),
                f"有了回执就不再重发；在途的至多 {REPEATS_MAX} 次",
            )
            for each in watched
            if len(repeats[each.number]) > REPEATS_MAX
        ),
    )


def _by_revision(found: Places) -> list[list[Seen]]:
    groups: dict[str, list[Seen]] = {}
    for _, seen in found:
        groups.setdefault(header(seen, "ce_revision"), []).append(seen)
    return list(groups.values())


def _came(evidence: Evidence, statement: Statement) -> bool:
    """Return whether it came; one left in a transaction that did not commit is another matter."""
    lost = (
        entry
        for entry in evidence.history
        if isinstance(entry, Seen) and not entry.record.is_visible and entry.body is not None
    )
    return bool(of_document(evidence.history, statement)) or any(
        seen.kind == statement.kind and of(seen.body or {}, statement) for seen in lost
    )


def _is_odd(seen: Seen) -> bool:
    return any(reason.code in WIRE_RULES for reason in seen.reasons)


def _said(field: str, value: object) -> str:
    told = to_plain(value)
    return f"{field} = {'（空）' if told is None else str(told)[:VALUE_CHARACTERS_SHOWN_MAX]}"


def _is_correction(evidence: Evidence, seen: Seen) -> bool:
    return any(
        seen.kind == each.kind and says(seen.body or {}, each) for each in evidence.plan.corrections
    )


def _is_asked(evidence: Evidence, seen: Seen, actions: set[tuple[str, str]]) -> bool:
    body = seen.body or {}
    if seen.kind in ANSWERS:
        return (body["action_id"], body["measure"]) in actions
    if seen.kind not in STATED:
        return False
    corrects = any(seen is each for each, _ in correcting(evidence))
    return corrects or any(of(body, each) for each in evidence.plan.statements)


def _place(seen: Seen) -> str:
    message = seen.record.message
    return f"{message.partition} 分区 {message.offset} 号"


def _changed(seen: Seen, first: Seen) -> str:
    return "、".join(_parts(seen, first))


def _change(seen: Seen, first: Seen) -> str:
    told = [
        f"{name} 由 {header(first, name)} 变为 {header(seen, name)}"
        for name in _parts(seen, first)
        if name != "正文"
    ]
    return "；".join(told) or "正文的字节不同"


def _parts(seen: Seen, first: Seen) -> Iterator[str]:
    (key, headers, value), (key_1, headers_1, value_1) = seen.wire, first.wire
    if key != key_1:
        yield "key"
    yield from sorted({name for name, _ in headers ^ headers_1})
    if value != value_1:
        yield "正文"
