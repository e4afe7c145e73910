"""Forms of pages: fields with bounds, messages in Chinese, a token against forgery in each.

Knows WTForms and how a form's body is read; knows no page. A form that came without the token of
its own session is forged, whatever else it says.

    form = SomeForm.of(request, settings.csrf_key)                          # to be filled in
    form = SomeForm.of(request, settings.csrf_key, await read_fields(request))
    if form.is_forged(): ...        # 403
    if not form.validate(): ...     # 422, the reasons stand in form.errors, each at its field
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from wtforms import (
    Form,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    validators,
    widgets,
)
from wtforms.csrf.session import SessionCSRF
from wtforms.fields.choices import SelectChoice

BODY_BYTES_MAX = 262_144  # three fields of 4,000 characters, at nine bytes each as forms write them
FIELDS_MAX = 200
FIELD_CHARACTERS_MAX = 4_000
_FORM = "application/x-www-form-urlencoded"

FORGED = "页面已经过期，或者不是从本系统打开的：没有做任何处理。请重新打开页面再提交。"
MISSING = "此项必填。"
NO_CHOICE = "请从所列各项中选取。"
DAY_FORM = "请填写日期，例如 2026-03-01。"

Fields = ImmutableMultiDict[str, str]


class UnreadableFormError(Exception):
    """A body that is no form of ours. `status` is how to answer."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class PageForm(Form):
    """What every form has: the session's token, and the library's own words in Chinese."""

    class Meta:
        """WTForms' settings of a form."""

        csrf = True
        csrf_class = SessionCSRF
        csrf_time_limit = None  # it lives as long as its session
        locales = ("zh",)

    @classmethod
    def of(
        cls,
        request: Request,
        csrf_key: bytes,
        fields: Fields | None = None,
        *,
        shown: Mapping[str, Any] | None = None,
    ) -> Self:
        """Return the form: filled in with `fields` that came, or with `shown` for a new one."""
        meta = {"csrf_secret": csrf_key, "csrf_context": request.session}
        return cls(fields, data=shown, meta=meta)

    def is_forged(self) -> bool:
        """Return whether the token of this session is missing."""
        return not self["csrf_token"].validate(self)

    def refuse(self, name: str, message: str) -> None:
        """Put a reason at a field, as validation does."""
        field = self[name]
        field.errors = [*field.errors, message]

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """Field id, label and reason of everything that is wrong, in the form's order."""
        return [
            (field.id, field.label.text, str(message))
            for field in self
            for message in field.errors
            if field.name != "csrf_token"
        ]


async def read_fields(request: Request) -> Fields:
    """Return the fields of a form's body. Raises UnreadableFormError.

    The guard has bounded the body's time already; this bounds what one form may hold.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise UnreadableFormError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = await request.body()
    if len(body) > BODY_BYTES_MAX:
        raise UnreadableFormError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError:  # no UTF-8, or too many fields
        raise UnreadableFormError(HTTPStatus.BAD_REQUEST) from None
    if any("\x00" in text for pair in pairs for text in pair):
        raise UnreadableFormError(HTTPStatus.BAD_REQUEST)  # the one character no database keeps
    return ImmutableMultiDict(pairs)


def trimmed(text: Any) -> Any:
    """Return the text without blanks around it: a filter of fields."""
    return text.strip() if isinstance(text, str) else text


def unix_lines(text: Any) -> Any:
    """Return the text with line ends as everywhere else: a browser sends two characters each."""
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


def line(
    label: str,
    *,
    required: bool = True,
    characters_max: int = 200,
    description: str = "",
    autocomplete: str = "off",
) -> StringField:
    """Return a field of one line."""
    return StringField(
        label,
        _rules(required=required, characters_max=characters_max),
        filters=(trimmed,),
        description=description,
        render_kw={"autocomplete": autocomplete},
    )


def text(
    label: str,
    *,
    required: bool = True,
    characters_max: int = FIELD_CHARACTERS_MAX,
    rows: int = 4,
    description: str = "",
) -> TextAreaField:
    """Return a field of several lines."""
    return TextAreaField(
        label,
        _rules(required=required, characters_max=characters_max),
        filters=(unix_lines, trimmed),
        description=description,
        render_kw={"rows": rows},
    )


def one_of(
    label: str, words: Mapping[str, str], *, required: bool = True, description: str = ""
) -> RadioField:
    """Return a choice of one, each word of the wire shown by its Chinese."""
    return RadioField(
        label,
        [validators.InputRequired(MISSING) if required else validators.Optional()],
        choices=options(words),
        description=description,
        validate_choice=True,
    )


def some_of(label: str, words: Mapping[str, str], *, description: str = "") -> SelectMultipleField:
    """Return a choice of one or more, as boxes."""
    return SelectMultipleField(
        label,
        [_is_some],  # the library's own rule would have a browser ask for every box
        choices=options(words),
        validate_choice=False,  # `_is_some` does, in Chinese
        description=description,
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )


def options(words: Mapping[str, str]) -> list[SelectChoice]:
    """Return what a field of choices is given: words of the wire, by their Chinese."""
    return [SelectChoice(value=value, label=label) for value, label in words.items()]


class DayField(StringField):
    """A day, in the browser's own way of asking for one. `day` is it, None when nothing stands."""

    def __init__(
        self, label: str, *, required: bool = True, description: str = "", **given: Any
    ) -> None:
        rule = validators.InputRequired(MISSING) if required else validators.Optional()
        super().__init__(
            label,
            [rule, _is_day],
            filters=(trimmed,),
            description=description,
            render_kw={"type": "date", "autocomplete": "off"},
            **given,
        )

    @property
    def day(self) -> date | None:
        """The day. ValueError when the field was not validated and holds none."""
        return date.fromisoformat(self.data) if self.data else None


def _rules(*, required: bool, characters_max: int) -> Sequence[Callable[..., Any]]:
    rule = validators.DataRequired(MISSING) if required else validators.Optional()
    longest = validators.Length(max=characters_max, message=f"不能超过 {characters_max} 字。")
    return [rule, longest]


def _is_some(_form: Form, field: SelectMultipleField) -> None:
    if not field.data:
        raise ValidationError(MISSING)
    if not set(field.data) <= {each.value for each in field.choices}:
        raise ValidationError(NO_CHOICE)


def _is_day(_form: Form, field: StringField) -> None:
    try:
        is_day = str(date.fromisoformat(field.data)) == field.data
    except ValueError:
        is_day = False
    if not is_day:
        raise ValidationError(DAY_FORM)
