"""What a single value in a registry file may look like, the shape that rows share, a mistake."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from credit_bus.domain.registry import Basis, ListKind, MeasureKind, SubjectCategory

CODE_CHARACTERS_MAX = 40  # a Kafka topic name holds 249; the longest prefix leaves ample room
TEXT_CHARACTERS_MAX = 500
TERM_MONTHS_MAX = 120  # no statute of the catalogue goes beyond ten years

Code = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=CODE_CHARACTERS_MAX)
]
Text = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=TEXT_CHARACTERS_MAX)]
# TOML has no enums: these are read from their strings, everything else is taken strictly.
Category = Annotated[SubjectCategory, Field(strict=False)]
Kind = Annotated[MeasureKind, Field(strict=False)]
KindOfList = Annotated[ListKind, Field(strict=False)]
Months = Annotated[int, Field(ge=1, le=TERM_MONTHS_MAX)]


class Row(BaseModel):
    """A table of a registry file. An unknown key is a mistake, and so is a string for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class BasisRow(Row):
    """A text and its article, with whether somebody read it in the official edition."""

    type: Code
    title: Text
    article: Text
    checked: bool

    def value(self) -> Basis:
        """Return the basis."""
        return Basis(
            instrument_type=self.type,
            title=self.title,
            article=self.article,
            checked=self.checked,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in the files: where it is, which rule it breaks, and what to do about it."""

    file: str
    key: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        """Return the sentence an operator reads."""
        return f"{self.file}: {self.key}: {self.rule}; {self.remedy}"
