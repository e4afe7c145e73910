"""The 双公示 templates of 2016 as rows: those that platforms took before the standard of 2018.

The codes are those that systems of the time exchanged, with the columns that provincial front
ends added; the official annex was not at hand. A row says neither of which category its subject is
nor what kind its identity number is: both follow from which columns are filled, and nothing else.
"""

from collections.abc import Mapping

from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.generations import Generation
from credit_bus.domain.registry import SubjectCategory
from credit_bus_connectors.departments.files import cells
from credit_bus_connectors.departments.files.cells import Value
from credit_bus_connectors.departments.files.columns import Column, Template, optional, required
from credit_bus_connectors.departments.identity_checks import RESIDENT_IDENTITY_CARD

_INDIVIDUAL_PREFIX = "92"  # GB 32100: registered by market regulation, an individual business
_REPRESENTATIVE = {
    "subject.person_id": "subject.representative_id",
    "subject.person_id_type": "subject.representative_id_type",
}
_FIRST, _SECOND = "categories[0]", "categories[1]"  # the two columns of a penalty's categories


def category_of(values: Mapping[str, Value]) -> SubjectCategory:
    """Return the subject's category, which a row of 2016 does not state.

    A code of 92… is an individual business, another code an organisation. Without a code a
    registration number tells an individual business, a resident's number alone a natural person.
    """
    code = values["subject.uscc"]
    if isinstance(code, str):
        individual = code.startswith(_INDIVIDUAL_PREFIX)
        return SubjectCategory.INDIVIDUAL_BUSINESS if individual else SubjectCategory.ORGANISATION
    if values["subject.person_id"] is None:
        return SubjectCategory.ORGANISATION
    registered = values["subject.registration_number"] is not None
    return SubjectCategory.INDIVIDUAL_BUSINESS if registered else SubjectCategory.NATURAL_PERSON


def complete(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values with what the filled columns say of the subject.

    The one identity number of an individual business is its operator's.
    """
    category = category_of(values)
    known = values["subject.person_id"] is not None
    said: dict[str, Value] = {
        **values,
        "generation": Generation.OF_2016.value,
        "subject.category": category.value,
        "subject.person_id_type": RESIDENT_IDENTITY_CARD if known else None,
    }
    for own, representative in _REPRESENTATIVE.items():
        said[representative] = None
        if category is SubjectCategory.INDIVIDUAL_BUSINESS:
            said[representative], said[own] = said[own], None
    for absent in ("subject.institution_certificate", "subject.society_certificate"):
        said[absent] = None
    if _FIRST in said:
        words = (said.pop(_FIRST), said.pop(_SECOND))
        said["categories"] = [word for word in words if isinstance(word, str)]
    return said


def _subject(p: str, name_code: str) -> tuple[Column, ...]:
    """Return the block of the subject that both templates share; `p` is XK or CF."""
    return (
        required(
            name_code, "行政相对人名称", "subject.name", cells.text, "行政相对人", "相对人名称"
        ),
        _numbered(f"{p}_XDR_SHXYM", 1, "统一社会信用代码", "subject.uscc", "社会信用代码"),
        _numbered(f"{p}_XDR_ZDM", 2, "组织机构代码", "subject.organisation_code"),
        _numbered(
            f"{p}_XDR_GSDJ", 3, "工商登记码", "subject.registration_number", "工商注册号", "注册号"
        ),
        _numbered(f"{p}_XDR_SWDJ", 4, "税务登记号", "subject.tax_number", "纳税人识别号"),
        Column(
            code=f"{p}_XDR_SFZ",
            header="行政相对人代码_5(居民身份证号)",
            path="subject.person_id",
            convert=cells.code,
            identity=True,
            aliases=(
                "居民身份证号",
                "居民身份证号码",
                "身份证号",
                "身份证号码",
                "行政相对人代码_5",
            ),
            also=(
                "subject.person_id_type",
                "subject.representative_id",
                "subject.representative_id_type",
            ),
        ),
        optional(
            f"{p}_FR", "法定代表人姓名", "subject.representative_name", cells.text, "法定代表人"
        ),
    )


def _numbered(code: str, number: int, name: str, path: str, *aliases: str) -> Column:
    """Return one of the codes of a subject, which tables head with or without the number."""
    bare = f"行政相对人代码_{number}"
    return optional(code, f"{bare}({name})", path, cells.code, bare, name, *aliases)


def _ending(p: str) -> tuple[Column, ...]:
    return (
        required(f"{p}_ZT", "当前状态", "publicity_state", cells.code, "状态"),
        required("DFBM", "地方编码", "division", cells.code, "行政区划代码"),
        required("SJC", "数据更新时间戳", "recorded_at", cells.moment, "时间戳", "数据更新时间"),
        optional("BZ", "备注", "remark"),
        optional(f"{p}_BM", "权力编码", "power_code", cells.text, "权力事项编码"),
        optional(f"{p}_SYFW", "信息使用范围", "usage_scope", cells.code, "使用范围"),
    )


LICENCE_2016 = Template(
    type=LICENCE_GRANTED,
    name="行政许可",
    generation=Generation.OF_2016,
    complete=complete,
    columns=(
        required(
            "XK_WSH", "行政许可决定书文号", "document_number", cells.text,
            "行政许可决定文书号", "决定书文号", "许可决定书文号",
        ),
        required("XK_XMMC", "项目名称", "project_name", cells.text, "许可项目名称"),
        required("XK_SPLB", "审批类别", "category", cells.text, "审批类型"),
        required("XK_NR", "许可内容", "content"),
        *_subject("XK", "XK_XDR"),
        required("XK_JDRQ", "许可决定日期", "decided_on", cells.day, "决定日期"),
        required("XK_JZQ", "许可截止期", "valid_to", cells.day, "截止期", "许可截止日期"),
        required("XK_XZJG", "许可机关", "authority_name", cells.text, "许可机关名称"),
        *_ending("XK"),
    ),
)  # fmt: skip

PENALTY_2016 = Template(
    type=PENALTY_DECIDED,
    name="行政处罚",
    generation=Generation.OF_2016,
    complete=complete,
    columns=(
        required(
            "CF_WSH", "行政处罚决定书文号", "document_number", cells.text,
            "决定书文号", "处罚决定书文号",
        ),
        required("CF_CFMC", "处罚名称", "title", cells.text, "案件名称", "行政处罚名称"),
        required("CF_CFLB1", "处罚类别1", _FIRST, cells.text, "处罚类别一"),
        optional("CF_CFLB2", "处罚类别2", _SECOND, cells.text, "处罚类别二"),
        required("CF_SY", "处罚事由", "facts", cells.text, "事由", "违法事实"),
        required("CF_YJ", "处罚依据", "legal_basis", cells.text, "依据"),
        *_subject("CF", "CF_XDR_MC"),
        required("CF_JG", "处罚结果", "content", cells.text, "行政处罚结果"),
        required("CF_JDRQ", "处罚决定日期", "decided_on", cells.day, "决定日期"),
        required("CF_XZJG", "处罚机关", "authority_name", cells.text, "处罚机关名称"),
        *_ending("CF"),
        optional("CF_SXYZCD", "失信严重程度", "severity", cells.code),
        optional("CF_JZQ", "处罚截止期", "valid_until", cells.day, "处罚截止日期"),
        optional("CF_GSJZQ", "公示截止期", "publish_until", cells.day, "公示截止日期"),
    ),
)  # fmt: skip
