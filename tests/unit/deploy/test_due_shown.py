"""Legal time on a terminal: what is owed by whom, and all that is urgent counted."""

from datetime import date
from io import StringIO

from rich.console import Console
from tests import samples

from credit_bus.casework.owed import Owed
from credit_bus.domain.time_rules import Obligation
from credit_bus.reports.legal_time import LegalTime, legal_time
from credit_bus_deploy.due_table import URGENT_SHOWN_MAX, show

DAYS = [date(2026, month, day) for month in (4, 5) for day in range(1, 29)]


def printed(found: LegalTime) -> str:
    stream = StringIO()
    show(found, Console(file=stream, width=160))
    return stream.getvalue()


def owed(decided_on: date, number: int = 1) -> Owed:
    return Owed(
        party=samples.PENALISING,
        obligation=Obligation.PUBLISH,
        began_on=decided_on,
        rests=False,
        lies_with=("public-site",),
        events=(f"{decided_on:%Y%m%d}" * 4,),
        number=number,
    )


def found(*rows: Owed) -> LegalTime:
    return legal_time(rows, samples.registry(), date(2026, 6, 20))


def test_all_that_is_urgent_is_counted_and_the_earliest_days_are_shown() -> None:
    text = printed(found(*(owed(day, 20) for day in reversed(DAYS))))

    assert f"共 {20 * len(DAYS)} 项" in text
    assert f"示 {URGENT_SHOWN_MAX} 行" in text
    assert "20260401" * 4 in text
    assert "20260528" * 4 not in text


def test_a_row_says_how_many_and_with_which_platforms_they_lie() -> None:
    [row] = [line for line in printed(found(owed(DAYS[0], 7))).splitlines() if "2026040" in line]

    assert samples.registry().name_of("public-site") in row
    assert " 7 " in row


def test_of_a_platform_what_lies_with_it_is_shown() -> None:
    text = printed(found(owed(DAYS[0])).of("public-site"))

    assert "20260401" * 4 in text
    assert "没有未办事项" not in text
    assert "没有未办事项" in printed(found())
