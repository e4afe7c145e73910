"""A question: who asks about which subject, for what. A value."""

from dataclasses import dataclass
from datetime import datetime

from credit_bus.domain.event import Body, Event, event_id
from credit_bus.domain.event_types import ENQUIRY_MADE


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an enquiry says. `subject` is the subject key; after `answer_by` nobody waits."""

    asker: str
    enquiry_number: str
    subject: str
    purpose: str
    procedure: str
    case_reference: str
    asked_at: datetime
    answer_by: datetime
    revision: int = 1

    @property
    def event_id(self) -> str:
        """The id of the enquiry as an event: the same over HTTP as over the topics."""
        return event_id(
            source=self.asker,
            kind=ENQUIRY_MADE,
            document=self.enquiry_number,
            subject=self.subject,
            revision=self.revision,
        )

    def body(self) -> Body:
        """Return the enquiry as the body of `enquiry.made`."""
        return {
            "enquiry_number": self.enquiry_number,
            "purpose": self.purpose,
            "procedure": self.procedure,
            "case_reference": self.case_reference,
            "asked_at": self.asked_at,
            "answer_by": self.answer_by,
        }


def question_of(event: Event) -> Question:
    """Return the question of an `enquiry.made`."""
    return Question(
        asker=event.source, subject=event.subject, revision=event.revision, **event.body
    )
