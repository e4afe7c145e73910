"""Eyes on corrections: the next revision of the same document, and never an older one after it."""

from credit_bus.conformance.evidence import corrections, visible
from credit_bus.conformance.history import Seen
from credit_bus.conformance.look import Evidence, Finding, Look, found_in, header, looked
from credit_bus.conformance.plan import ANSWERS, SECOND_FILE, of, says
from credit_bus.conformance.statements import Statement


def correction_accepted(evidence: Evidence) -> Look:
    """Find a refused statement whose correction did not come, or was refused in turn."""
    wanted = [each for each in evidence.plan.corrections if _of_refused(evidence, each)]
    return _corrected(evidence, wanted)


def revision_raised(evidence: Evidence) -> Look:
    """Find a correction that is not the next revision of its document."""
    wanted = [each for each in evidence.plan.corrections if not _of_refused(evidence, each)]
    return _corrected(evidence, wanted)


def document_kept(evidence: Evidence) -> Look:
    """Find a correction said as a new document, or about another subject."""
    pairs = correcting(evidence)
    return looked(
        len(pairs),
        (
            found_in(
                seen,
                "文号、ce_subject",
                f"更正内容出现在另一文书或者另一主体之下（主体键 {header(seen, 'ce_subject')}）",
                f"更正须为同一文书（{each.document}）、同一主体的下一版次",
            )
            for seen, each in pairs
            if not _is_same_document(seen, each)
        ),
    )


def stale_revisions(evidence: Evidence) -> Look:
    """Find an older revision said after a newer one was accepted."""
    refused = [each for each in evidence.plan.statements if each.refused]
    records = [
        seen
        for _, seen in visible(evidence.history)
        # What is said again after its refusal is another check's matter.
        if seen.kind not in ANSWERS and not any(says(seen.body or {}, each) for each in refused)
    ]
    if not any(seen.event and seen.event.revision > 1 for seen in records):
        return looked(0, (), untested="没有出现过第 2 版次，无从判定")
    return looked(
        len(records),
        (
            found_in(
                seen,
                "ce_revision",
                f"在更新的版次受理之后又报送版次 {header(seen, 'ce_revision')}",
                "同一文书的版次只增不减",
            )
            for seen in records
            if any(reason.code == "stale-revision" for reason in seen.reasons)
        ),
    )


def _corrected(evidence: Evidence, wanted: list[Statement]) -> Look:
    pairs = [pair for pair in correcting(evidence) if pair[1] in wanted]
    own = [(seen, each) for seen, each in pairs if _is_same_document(seen, each)]
    if pairs and not own:
        return looked(0, (), untested="更正是以另一文书或者另一主体报送的，见另一项检查")
    came = {each.number for _, each in own}
    found = [
        Finding(
            field=f"{SECOND_FILE} 第 {each.number} 项",
            seen="限时之内没有见到更正",
            wanted=f"文号 {each.document} 的更正须到达发件主题",
        )
        for each in wanted
        if each.number not in came
    ]
    found += [
        found_in(
            seen,
            "ce_revision",
            f"更正以版次 {header(seen, 'ce_revision')} 报送",
            f"版次须为 {' 或 '.join(map(str, sorted(each.revisions)))}",
        )
        for seen, each in own
        if seen.event is not None and seen.event.revision not in each.revisions
    ]
    return looked(len(own), found)


def correcting(evidence: Evidence) -> list[tuple[Seen, Statement]]:
    """Return every record with corrected words, with the correction that it says."""
    return [
        (seen, each)
        for each in evidence.plan.corrections
        for _, seen in corrections(evidence.history, each)
    ]


def _is_same_document(seen: Seen, statement: Statement) -> bool:
    key = (seen.record.message.key or b"").decode("utf-8", "replace")
    return of(seen.body or {}, statement) and key == statement.subject


def _of_refused(evidence: Evidence, correction: Statement) -> bool:
    numbers = {each.number for each in evidence.plan.statements if each.refused}
    return correction.corrects in numbers
