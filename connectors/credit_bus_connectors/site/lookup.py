"""What somebody looks for: a code or a name, or why nothing is looked up.

Pure. Nobody is found by a number of his own: what looks like one is refused before any query.
"""

import re
import unicodedata
from dataclasses import dataclass

from credit_bus.domain.identifiers import (
    RESIDENT_ID_FORM,
    USCC_LENGTH,
    check_resident_id,
    check_uscc,
)

NAME_CHARACTERS_MIN = 2
NAME_CHARACTERS_MAX = 100
ENTERED_CHARACTERS_MAX = 400  # with what is between: what comes after is not looked at

_BETWEEN = re.compile(r"[\s\u200b\-\u2010-\u2015]+")
_PERSONAL = re.compile(r"\d{11,}|(?<![0-9A-Z])[A-Z]{1,2}\d{7,10}(?![0-9A-Z])")
_CODE = re.compile(rf"[0-9A-Z]{{{USCC_LENGTH}}}")

EMPTY = "请输入统一社会信用代码，或者名称中的文字。"
PERSONAL = (
    "本站只查询法人、非法人组织和个体工商户，不能用身份证件号码、手机号码等个人号码查询。"
    "您输入的内容没有用于查询，也没有保存。"
)
WRONG_CODE = "这不是有效的统一社会信用代码（18位，最后一位是校验码），请核对后再输入。"
SHORT = f"名称至少输入{NAME_CHARACTERS_MIN}个字。"
LONG = f"名称最多输入{NAME_CHARACTERS_MAX}个字。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A unified social credit code, right by its check characters."""

    uscc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A part of a name, in the form NFKC and in capitals."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing is looked up, for this reason in a sentence."""

    why: str


def looked_for(entered: str) -> Code | Name | Refused:
    """Return what the entered text asks for.

    A code that is also right as a resident's identity number is taken for the latter: the company
    can still be found by its name, the person must not.
    """
    begin = entered[: ENTERED_CHARACTERS_MAX + 1]
    text = " ".join(unicodedata.normalize("NFKC", begin).replace("\0", " ").split())
    compact = _BETWEEN.sub("", text).upper()
    if not compact:
        return Refused(why=EMPTY)
    if check_uscc(compact) is None and check_resident_id(compact) is not None:
        return Code(uscc=compact)
    if _CODE.fullmatch(compact) and not RESIDENT_ID_FORM.fullmatch(compact):
        return Refused(why=WRONG_CODE)
    if _PERSONAL.search(compact):
        return Refused(why=PERSONAL)
    if len(text) < NAME_CHARACTERS_MIN:
        return Refused(why=SHORT)
    return Refused(why=LONG) if len(text) > NAME_CHARACTERS_MAX else Name(text=text.upper())
