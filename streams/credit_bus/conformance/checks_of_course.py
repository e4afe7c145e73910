"""Eyes on what an implementing department must leave undone or undo: suspended, resumed, ended."""

from collections.abc import Iterator

from credit_bus.conformance.evidence import answers_to, executions
from credit_bus.conformance.history import Deed, at
from credit_bus.conformance.look import Evidence, Finding, Look, found_in, looked
from credit_bus.conformance.orders import Case, end_id
from credit_bus.conformance.plan import ENDED, OBJECTIONS, PLAIN, SUSPENDED

# Which action is ended by which deed: one never carried out, and one that was.
ENDS = {ENDED: "over", PLAIN: "over-plain"}
REFUSED_ALL = "适配器没有接受该项推送，因此无从执行"


def nothing_while_suspended(evidence: Evidence) -> Look:
    """Find an execution reported while every suspension still stood."""
    return _between(
        evidence,
        (SUSPENDED, ENDED),
        (SUSPENDED, "resumed-1"),
        "全部中止都未恢复时报送了执行",
        "收到中止之后，在恢复之前不得报送执行；中止先于推送到达的也一样",
    )


def nothing_while_one_stands(evidence: Evidence) -> Look:
    """Find an execution reported when one of two suspensions was over."""
    return _between(
        evidence,
        (SUSPENDED,),
        ("resumed-1", "resumed-2"),
        f"只恢复了 {OBJECTIONS[0]}，{OBJECTIONS[1]} 仍在核实，却报送了执行",
        "按 reference 逐一记录中止；全部恢复后才可执行",
    )


def goes_on_when_resumed(evidence: Evidence) -> Look:
    """Find a measure that was never carried out though every suspension was over."""
    case = evidence.plan.case(SUSPENDED)
    found = answers_to(evidence.history, case)
    if at(evidence.history, Deed.PUT, "resumed-2") is None:
        return looked(0, ())
    if not found.responses or found.refused:
        return looked(0, (), untested=REFUSED_ALL)
    if executions(evidence.history, case):
        return looked(1, ())
    missing = Finding(
        field=f"推送 {case.order.id}（行动 {case.action}）",
        seen="全部中止恢复之后，限时之内没有报送执行",
        wanted="全部恢复之后继续执行并反馈；重启不得忘记尚待执行的推送",
    )
    return looked(1, (missing,))


def nothing_after_end(evidence: Evidence) -> Look:
    """Find an execution reported though the action was over."""
    return _between(
        evidence,
        (ENDED,),
        ("over", ""),
        "行动终止之后报送了执行",
        "收到终止之后不再执行，此后的恢复也不例外；可以反馈未执行（not_executed）",
    )


def lifted_when_ended(evidence: Evidence) -> Look:
    """Find measures of ended actions that nobody said to run no more, or not because of the end.

    Also where nothing was carried out: an action is closed when each implementer has confirmed.
    """
    ended = [
        (evidence.plan.case(name), start)
        for name, what in ENDS.items()
        if (start := at(evidence.history, Deed.PUT, what)) is not None
    ]
    taken = [
        (case, start)
        for case, start in ended
        if (found := answers_to(evidence.history, case)).responses and not found.refused
    ]
    if ended and not taken:
        return looked(0, (), untested=REFUSED_ALL)
    return looked(len(taken), (found for each in taken for found in _unlifted(evidence, *each)))


def _unlifted(evidence: Evidence, case: Case, ended: int) -> Iterator[Finding]:
    """Yield what is wrong with the lifting of one measure, whose action ended at that place."""
    wanted = f"终止之后逐项报送解除，because_of 为终止事件的 ce_id：{end_id(case)}"
    liftings = answers_to(evidence.history, case).liftings
    if not liftings:
        yield Finding(
            field=f"推送 {case.order.id}（行动 {case.action}）",
            seen="行动终止之后，限时之内没有报送解除（measure.lifted）",
            wanted=wanted,
        )
    for place, seen in liftings:
        if place < ended:
            yield found_in(seen, "", f"行动 {case.action} 终止之前报送了解除", wanted)
        if seen.body and seen.body["because_of"] != end_id(case):
            yield found_in(seen, "because_of", f"起因事件 {seen.body['because_of']}", wanted)


def _between(
    evidence: Evidence, cases: tuple[str, ...], bounds: tuple[str, str], told: str, wanted: str
) -> Look:
    """Find the first execution of each case after the one deed and before the other."""
    start = at(evidence.history, Deed.PUT, bounds[0])
    end = at(evidence.history, Deed.PUT, bounds[1])
    taken = [
        case
        for case in map(evidence.plan.case, cases)
        if (found := answers_to(evidence.history, case)).responses and not found.refused
    ]
    if start is None:
        return looked(0, ())
    if not taken:
        return looked(0, (), untested=REFUSED_ALL)
    early = [
        (case, done[0][1])
        for case in taken
        if (done := executions(evidence.history, case))
        and start < done[0][0]
        and (end is None or done[0][0] < end)
    ]
    return looked(
        len(taken),
        (
            found_in(seen, "outcome", f"{told}（行动 {case.action}）", wanted)
            for case, seen in early
        ),
    )
