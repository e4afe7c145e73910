"""The exactness that fastavro leaves out, compiled from a shape.

fastavro writes a naive time as local time, a 40-bit number as an Avro int and a text as a boolean;
it reads a decimal of any length by rounding it, which takes more than a minute for a megabyte.
Here a body is checked before it is written, and its numbers after they are read.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Any

from credit_bus.contracts.shape import DECIMAL_PRECISION_MAX, Shape

Check = Callable[[Any], None]
Finish = Callable[[Any], Any]
Predicate = Callable[[Any], object]

DECIMAL_BYTES_MAX = 16
INT_MAX = 2**31 - 1
LONG_MAX = 2**63 - 1
_EXACT = Context(prec=DECIMAL_PRECISION_MAX)


class MisfitError(ValueError):
    """A value that its schema does not allow: the path to it and the rule."""

    def __init__(self, path: str, rule: str) -> None:
        super().__init__(f"{path or 'body'}: {rule}")
        self.path = path
        self.rule = rule


def _is_int(value: Any) -> bool:
    return type(value) is int and -INT_MAX - 1 <= value <= INT_MAX


_LEAF_RULES: Mapping[str, tuple[str, Predicate]] = MappingProxyType(
    {
        "string": ("must be a text", lambda value: isinstance(value, str)),
        "bytes": ("must be bytes", lambda value: isinstance(value, bytes)),
        "boolean": ("must be true or false", lambda value: isinstance(value, bool)),
        "int": ("must be a whole number of 32 bits", _is_int),
        "long": (
            "must be a whole number of 64 bits",
            lambda value: type(value) is int and -LONG_MAX - 1 <= value <= LONG_MAX,
        ),
        "date": ("must be a date without a time", lambda value: type(value) is date),
        "timestamp-millis": (
            "must be an aware time",
            lambda value: isinstance(value, datetime) and value.tzinfo is not None,
        ),
    }
)


def compile_check(shape: Shape) -> Check:
    """Return a function that raises MisfitError for a value that this shape does not allow."""
    match shape.kind:
        case "record":
            check = _check_record(shape)
        case "array":
            check = _check_array(shape)
        case _:
            check = _check_leaf(shape)
    if not shape.nullable:
        return check
    return lambda value: None if value is None else check(value)


def compile_finish(shape: Shape) -> Finish | None:
    """Return a function that makes a value exact that was read without decimals, in place.

    It turns decimal bytes into Decimal and raises MisfitError for a number out of its type's
    range. None when there is nothing of the kind in this shape.
    """
    match shape.kind:
        case "record":
            finish = _finish_record(shape)
        case "array":
            finish = _finish_array(shape)
        case "int":
            finish = _finish_int(shape)
        case "decimal":
            finish = _finish_decimal(shape)
        case _:
            finish = None
    if finish is None or not shape.nullable:
        return finish
    return lambda value: None if value is None else finish(value)


def _check_leaf(shape: Shape) -> Check:
    path = shape.path
    rule: str
    is_good: Predicate
    match shape.kind:
        case "enum":
            rule = f"must be one of {sorted(shape.symbols)}"
            is_good = _is_one_of(frozenset(shape.symbols))
        case "decimal":
            rule = f"must be a decimal, {shape.precision} digits, {shape.scale} after the point"
            is_good = _is_decimal(shape)
        case kind:
            rule, is_good = _LEAF_RULES[kind]

    def check(value: Any) -> None:
        if not is_good(value):
            raise MisfitError(path, rule)

    return check


def _is_one_of(symbols: frozenset[str]) -> Predicate:
    return lambda value: isinstance(value, str) and value in symbols


def _is_decimal(shape: Shape) -> Predicate:
    limit = Decimal(10) ** (shape.precision - shape.scale)
    scale = shape.scale
    return lambda value: (
        isinstance(value, Decimal)
        and value.is_finite()
        and -scale <= int(value.as_tuple().exponent)
        and abs(value) < limit
    )


def _check_record(shape: Shape) -> Check:
    fields = tuple(
        (field.name, compile_check(field.shape), field.has_default) for field in shape.fields
    )
    known = frozenset(field.name for field in shape.fields)

    def check(value: Any) -> None:
        if not isinstance(value, Mapping):
            raise MisfitError(shape.path, "must be a record")
        if not known.issuperset(value):
            raise MisfitError(shape.path, f"has no fields {sorted(set(value) - known)}")
        for name, check_field, has_default in fields:
            if name in value:
                check_field(value[name])
            elif not has_default:
                raise MisfitError(f"{shape.path}.{name}".lstrip("."), "is missing")

    return check


def _check_array(shape: Shape) -> Check:
    assert shape.item is not None
    check_item = compile_check(shape.item)

    def check(value: Any) -> None:
        if not isinstance(value, list | tuple):
            raise MisfitError(shape.path, "must be a list")
        for item in value:
            check_item(item)

    return check


def _finish_record(shape: Shape) -> Finish | None:
    each = ((field.name, compile_finish(field.shape)) for field in shape.fields)
    steps = tuple((name, finish) for name, finish in each if finish is not None)
    if not steps:
        return None

    def finish_record(value: Any) -> Any:
        for name, finish in steps:
            value[name] = finish(value[name])
        return value

    return finish_record


def _finish_array(shape: Shape) -> Finish | None:
    assert shape.item is not None
    finish = compile_finish(shape.item)
    return None if finish is None else lambda value: [finish(item) for item in value]


def _finish_int(shape: Shape) -> Finish:
    def finish(value: Any) -> Any:
        if not _is_int(value):
            raise MisfitError(shape.path, "must be a whole number of 32 bits")
        return value

    return finish


def _finish_decimal(shape: Shape) -> Finish:
    limit = 10**shape.precision
    scale = shape.scale

    def finish(value: bytes) -> Decimal:
        unscaled = int.from_bytes(value[:DECIMAL_BYTES_MAX], "big", signed=True)
        if len(value) > DECIMAL_BYTES_MAX or not -limit < unscaled < limit:
            raise MisfitError(shape.path, f"must have at most {shape.precision} digits")
        return Decimal(unscaled).scaleb(-scale, _EXACT)

    return finish
