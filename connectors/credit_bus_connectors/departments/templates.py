"""The 2018 双公示 templates as rows: column code, Chinese header, place in the body, converter.

Licence and penalty, each for organisations, individual businesses and natural persons in one
layout; 行政相对人类别 tells which. The codes are those that circulate with 发改办财金〔2018〕424号;
its official annex was not at hand, so the Chinese headers follow the systems that adopted it, and
an alias is a row's matter. Knows the layout only: whether a value is lawful is the gate's to say.
"""

import re
from dataclasses import dataclass

from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus_connectors.departments import cells
from credit_bus_connectors.departments.cells import Converter, half_width


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a template. `path` is a body field, dotted inside a record."""

    code: str
    header: str
    path: str
    convert: Converter
    required: bool = False  # must stand in the header, and must not be empty
    identity: bool = False  # an identity number: sealed before it goes anywhere
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One table of the standard: its event type, its columns in the standard's order."""

    type: str
    name: str
    columns: tuple[Column, ...]

    def column_at(self, path: str) -> Column | None:
        """Return the column that fills this body field, or a field inside or around it."""
        bare = re.sub(r"\[\d+\]", "", path)
        for column in self.columns:
            if bare == column.path or bare.startswith(column.path + "."):
                return column
        return None

    def column_of(self, path: str) -> Column:
        """Return the column with exactly this path; KeyError when the template has none."""
        for column in self.columns:
            if column.path == path:
                return column
        raise KeyError(path)


def _required(code: str, header: str, path: str, convert: Converter = cells.text) -> Column:
    return Column(code=code, header=header, path=path, convert=convert, required=True)


def _optional(
    code: str, header: str, path: str, convert: Converter = cells.text, *aliases: str
) -> Column:
    return Column(code=code, header=header, path=path, convert=convert, aliases=aliases)


def _identity(code: str, header: str, path: str, *aliases: str) -> Column:
    return Column(
        code=code, header=header, path=path, convert=cells.code, identity=True, aliases=aliases
    )


def _numbered(code: str, number: int, name: str, path: str) -> Column:
    """Return one of the six codes of a subject, which tables head with or without the number."""
    return _optional(code, f"行政相对人代码_{number}({name})", path, cells.code, name)


def _subject(p: str) -> tuple[Column, ...]:
    """Return the block of the subject that both templates share; `p` is XK or CF."""
    return (
        _required(f"{p}_XDR_MC", "行政相对人名称", "subject.name"),
        _required(f"{p}_XDR_LB", "行政相对人类别", "subject.category", cells.category),
        _numbered(f"{p}_XDR_SHXYM", 1, "统一社会信用代码", "subject.uscc"),
        _numbered(f"{p}_XDR_GSZC", 2, "工商注册号", "subject.registration_number"),
        _numbered(f"{p}_XDR_ZZJG", 3, "组织机构代码", "subject.organisation_code"),
        _numbered(f"{p}_XDR_SWDJ", 4, "税务登记号", "subject.tax_number"),
        _numbered(f"{p}_XDR_SYDW", 5, "事业单位证书号", "subject.institution_certificate"),
        _numbered(f"{p}_XDR_SHZZ", 6, "社会组织登记证号", "subject.society_certificate"),
        _optional(f"{p}_FRDB", "法定代表人", "subject.representative_name"),
        _optional(f"{p}_FR_ZJLX", "法定代表人证件类型", "subject.representative_id_type"),
        _identity(f"{p}_FR_ZJHM", "法定代表人证件号码", "subject.representative_id"),
        _optional(
            f"{p}_XDR_ZJLX", "证件类型", "subject.person_id_type", cells.text, "自然人证件类型"
        ),
        _identity(f"{p}_XDR_ZJHM", "证件号码", "subject.person_id", "自然人证件号码"),
    )


LICENCE = Template(
    type=LICENCE_GRANTED,
    name="行政许可",
    columns=(
        *_subject("XK"),
        _required("XK_XKWS", "行政许可决定文书名称", "document_title"),
        _required("XK_WSH", "行政许可决定文书号", "document_number"),
        _required("XK_XKLB", "许可类别", "category"),
        _optional("XK_XKZS", "许可证书名称", "certificate_name"),
        _optional("XK_XKBH", "许可编号", "licence_number"),
        _required("XK_NR", "许可内容", "content"),
        _required("XK_JDRQ", "许可决定日期", "decided_on", cells.day),
        _required("XK_YXQZ", "有效期自", "valid_from", cells.day),
        _required("XK_YXQZI", "有效期至", "valid_to", cells.day),
        _required("XK_XKJG", "许可机关", "authority_name"),
        _required("XK_XKJGDM", "许可机关统一社会信用代码", "authority_code", cells.code),
        _required("XK_ZT", "当前状态", "state", cells.code),
        _required("XK_LYDW", "数据来源单位", "source_name"),
        _required("XK_LYDWDM", "数据来源单位统一社会信用代码", "source_code", cells.code),
        _optional("BZ", "备注", "remark"),
    ),
)

PENALTY = Template(
    type=PENALTY_DECIDED,
    name="行政处罚",
    columns=(
        *_subject("CF"),
        _required("CF_WSH", "行政处罚决定书文号", "document_number"),
        _required("CF_WFXW", "违法行为类型", "violation"),
        _required("CF_SY", "违法事实", "facts"),
        _required("CF_YJ", "处罚依据", "legal_basis"),
        _required("CF_CFLB", "处罚类别", "categories", cells.words),
        _required("CF_NR", "处罚内容", "content"),
        _optional("CF_NR_FK", "罚款金额(万元)", "fine_10k", cells.amount_10k),
        _optional(
            "CF_NR_WFFF",
            "没收违法所得、没收非法财物的金额(万元)",
            "confiscated_10k",
            cells.amount_10k,
        ),
        _optional("CF_NR_ZKDX", "暂扣或吊销证照名称及编号", "revoked_certificate"),
        _required("CF_JDRQ", "处罚决定日期", "decided_on", cells.day),
        _required("CF_YXQ", "处罚有效期", "valid_until", cells.day),
        _optional("CF_GSJZQ", "公示截止期", "publish_until", cells.day),
        _required("CF_CFJG", "处罚机关", "authority_name"),
        _required("CF_CFJGDM", "处罚机关统一社会信用代码", "authority_code", cells.code),
        _required("CF_SJLY", "数据来源单位", "source_name"),
        _required("CF_SJLYDM", "数据来源单位统一社会信用代码", "source_code", cells.code),
        _optional("BZ", "备注", "remark"),
    ),
)

TEMPLATES = (LICENCE, PENALTY)


def heading(cell: str) -> str:
    """Return a header cell as it is compared: half-width, no blanks, capitals."""
    return "".join(half_width(cell).upper().split())


def headings(template: Template) -> dict[str, Column]:
    """Return every spelling by which a header may name a column of the template."""
    return {
        heading(spelling): column
        for column in template.columns
        for spelling in (column.code, column.header, *column.aliases)
    }
