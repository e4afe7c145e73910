"""The shape of a row of deadlines.toml and repair.toml, and the value that it becomes."""

from datetime import date
from typing import Annotated

from pydantic import Field

from credit_bus.contracts.registry_values import TERM_MONTHS_MAX, Months, Row, Text
from credit_bus.domain.time_rules import (
    ConductClass,
    Deadline,
    Obligation,
    RepairClass,
    RepairRules,
    Source,
)

WORKING_DAYS_MAX = 60  # a quarter: what takes longer is no deadline to be reminded of

Owed = Annotated[Obligation, Field(strict=False)]
Class = Annotated[ConductClass, Field(strict=False, alias="class")]


class SourceRow(Row):
    """A text and its article."""

    title: Text
    article: Text


class DeadlineRow(Row):
    """办理期限: within how many working days something is done that began between these days."""

    obligation: Owed
    working_days: Annotated[int, Field(ge=1, le=WORKING_DAYS_MAX)]
    remind_before: Annotated[int, Field(ge=0, le=WORKING_DAYS_MAX)]
    valid_from: date
    valid_to: date | None = None
    source: SourceRow
    checked: bool

    def value(self) -> Deadline:
        """Return the deadline."""
        return Deadline(
            obligation=self.obligation,
            working_days=self.working_days,
            remind_before=self.remind_before,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            source=Source(
                title=self.source.title, article=self.source.article, checked=self.checked
            ),
        )


class ClassRow(Row):
    """A class of conduct in a set of rules. No longest time means that it is not published."""

    class_: Class
    published: bool
    minimum_months: Annotated[int, Field(ge=0, le=TERM_MONTHS_MAX)]
    maximum_months: Months | None = None
    categories: list[Text] = Field(default_factory=list)
    fields: list[Text] = Field(default_factory=list)
    listings: bool = False
    otherwise: bool = False
    checked: bool

    def value(self) -> RepairClass:
        """Return the class."""
        return RepairClass(
            class_=self.class_,
            published=self.published,
            minimum_months=self.minimum_months,
            maximum_months=self.maximum_months,
            categories=frozenset(self.categories),
            fields=frozenset(self.fields),
            listings=self.listings,
            otherwise=self.otherwise,
            checked=self.checked,
        )


class RepairRow(Row):
    """A set of rules on publicity and repair, for decisions made between these days."""

    instrument: Text
    valid_from: date
    valid_to: date | None = None
    classes: list[ClassRow] = Field(min_length=1)

    def value(self) -> RepairRules:
        """Return the rules."""
        return RepairRules(
            instrument=self.instrument,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            classes=tuple(row.value() for row in self.classes),
        )
