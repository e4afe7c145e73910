"""Eyes on answers to orders: each answered once, by the right names, and none lost."""

from collections.abc import Iterator

from credit_bus.conformance.evidence import Answers, answers_to
from credit_bus.conformance.history import Deed, Overdue, Seen, at
from credit_bus.conformance.look import Evidence, Finding, Look, found_in, header, is_behind, looked
from credit_bus.conformance.orders import Case
from credit_bus.conformance.plan import BURST, DOWN, ENDED, PLAIN, STRAY, SUSPENDED

NEVER = "适配器没有答复过任何推送，见“推送得到响应”"


def answered(evidence: Evidence) -> Look:
    """Find orders that got no response in time, while the adapter ran."""
    watched = [evidence.plan.case(name) for name in (PLAIN, SUSPENDED, ENDED)]
    return looked(
        len(watched),
        (
            Finding(
                field=_order(case),
                seen="限时之内没有见到响应（measure.responded）",
                wanted="每项推送都须在限时之内响应：接受，或者说明法律依据后不予实施",
            )
            for case in watched
            if _is_late(evidence, case)
        ),
    )


def none_lost(evidence: Evidence) -> Look:
    """Find orders that were never answered because the adapter was killed or down."""
    if not answers_to(evidence.history, evidence.plan.case(PLAIN)).responses:
        return looked(0, (), untested=NEVER)
    watched = [evidence.plan.case(name) for name in (*BURST, DOWN)]
    return looked(
        len(watched),
        (
            Finding(
                field=_order(case),
                seen=f"{'停机期间' if case.name == DOWN else '终止之前'}送达的推送，始终没有答复",
                wanted="答复成功之后才保存读取位置；停机期间送达的推送重启后补读",
            )
            for case in watched
            if not answers_to(evidence.history, case).responses
        ),
    )


def executed(evidence: Evidence) -> Look:
    """Find orders taken on of which no feedback came."""
    watched = [
        (case, found)
        for name in (PLAIN, *BURST, DOWN)
        for case in (evidence.plan.case(name),)
        if (found := answers_to(evidence.history, case)).responses and not found.refused
    ]
    return looked(
        len(watched),
        (
            found_in(
                found.responses[0][1],
                _order(case),
                "已接受，限时之内没有执行反馈（measure.executed）",
                "接受的推送须反馈执行情况",
            )
            for case, found in watched
            if not found.executions
        ),
    )


def caused_by_order(evidence: Evidence) -> Look:
    """Find answers that do not name the order they answer."""
    pairs = list(_pairs(evidence))
    return looked(
        len(pairs),
        (
            found_in(
                seen,
                "ce_causationid",
                f"起因编号 {header(seen, 'ce_causationid')}",
                f"起因编号须为所答推送的 ce_id：{case.order.id}",
            )
            for case, seen in pairs
            if header(seen, "ce_causationid") != repr(case.order.id)
        ),
    )


def about_its_subject(evidence: Evidence) -> Look:
    """Find answers under another subject's key than the order's, liftings among them."""
    pairs = list(_pairs(evidence))
    pairs += [
        (case, seen)
        for case in evidence.plan.cases
        for _, seen in answers_to(evidence.history, case).liftings
    ]
    return looked(
        len(pairs),
        (
            found_in(
                seen,
                "ce_subject",
                f"主体键 {header(seen, 'ce_subject')}，消息键 {header(seen, 'key')}",
                f"与推送的主体键相同：{case.order.subject}",
            )
            for case, seen in pairs
            if header(seen, "ce_subject") != repr(case.order.subject)
        ),
    )


def in_sequence(evidence: Evidence) -> Look:
    """Find feedback that came before its response."""
    both = [
        (case, found)
        for case in evidence.plan.cases
        if (found := answers_to(evidence.history, case)).responses and found.executions
    ]
    return looked(
        len(both),
        (
            found_in(found.executions[0][1], _order(case), "执行反馈先于响应", "先响应，后反馈执行")
            for case, found in both
            if is_behind(found.responses[0][1], found.executions[0][1])
        ),
    )


def stray_ignored(evidence: Evidence) -> Look:
    """Find an answer to an order that names another department as its implementer."""
    case = evidence.plan.case(STRAY)
    found = answers_to(evidence.history, case)
    if at(evidence.history, Deed.PUT, STRAY) is None:
        return looked(0, ())
    return looked(
        1,
        (
            found_in(
                seen,
                _order(case),
                f"答复了给 {case.order.body['implementer']} 的推送",
                "实施部门不是本单位的推送不予答复，并报告总线运维人员",
            )
            for _, seen in (*found.responses, *found.executions)
        ),
    )


def same_answer_again(evidence: Evidence) -> Look:
    """Find a redelivered order that was answered with something else."""
    changed = _changed(evidence, after_restart=False)
    redelivered = at(evidence.history, Deed.PUT, PLAIN, nth=1) is not None
    return looked(len(evidence.plan.cases) if redelivered else 0, changed)


def positions_kept(evidence: Evidence) -> Look:
    """Find an old order that was answered anew after a restart."""
    if not any(answers_to(evidence.history, case).responses for case in evidence.plan.cases):
        return looked(0, (), untested=NEVER)
    return looked(len(evidence.plan.cases), _changed(evidence, after_restart=True))


def _changed(evidence: Evidence, *, after_restart: bool) -> Iterator[Finding]:
    """Yield each answer that differs from the first of its kind and revision.

    A new revision of feedback is lawful: what was done may change, what was answered may not.
    """
    for case in evidence.plan.cases:
        found = answers_to(evidence.history, case)
        for said, revised in ((found.responses, False), (found.executions, True)):
            firsts: dict[str, tuple[int, Seen]] = {}
            for place, seen in said:
                name = header(seen, "ce_revision") if revised else ""
                first_at, first = firsts.setdefault(name, (place, seen))
                is_after = _restarted_between(evidence, first_at, place)
                if seen.wire != first.wire and is_after is after_restart:
                    yield found_in(
                        seen,
                        _order(case),
                        f"同一推送又答复了一次，与首次（{first.record.message.partition} 分区 "
                        f"{first.record.message.offset} 号）不同",
                        "重复送达或者重启之后，或者不答复，或者与首次逐字节相同",
                    )


def _restarted_between(evidence: Evidence, start: int, end: int) -> bool:
    return any(
        not isinstance(entry, Seen | Overdue) and entry.deed is Deed.START
        for entry in evidence.history[start:end]
    )


def _is_late(evidence: Evidence, case: Case) -> bool:
    found = answers_to(evidence.history, case).responses
    if not found:
        return True
    step = "order" if case.name == PLAIN else "suspended"
    overdue = [n for n, entry in enumerate(evidence.history) if entry == Overdue(step=step)]
    return bool(overdue) and overdue[0] < found[0][0]


def _pairs(evidence: Evidence) -> Iterator[tuple[Case, Seen]]:
    for case in evidence.plan.cases:
        found: Answers = answers_to(evidence.history, case)
        yield from ((case, seen) for _, seen in (*found.responses, *found.executions))


def _order(case: Case) -> str:
    return f"推送 {case.order.id}（行动 {case.action}）"
