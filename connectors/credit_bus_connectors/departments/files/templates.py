"""The 双公示 templates as rows: column code, Chinese header, place in the body, converter.

Those of 2018 stand here, those of 2016 in `templates_2016`. Licence and penalty, each for
organisations, individual businesses and natural persons in one layout; 行政相对人类别 tells which.
The codes are those that circulate with 发改办财金〔2018〕424号; its official annex was not at hand,
so the Chinese headers follow the systems that adopted it, and an alias is a row's matter. Knows the
layout only: whether a value is lawful is the gate's to say.
"""

from collections.abc import Mapping

from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.generations import Generation
from credit_bus_connectors.departments.files import cells
from credit_bus_connectors.departments.files.cells import Value
from credit_bus_connectors.departments.files.columns import Column, Template, optional, required
from credit_bus_connectors.departments.files.templates_2016 import LICENCE_2016, PENALTY_2016


def _complete(values: Mapping[str, Value]) -> dict[str, Value]:
    return {**values, "generation": Generation.OF_2018.value}


def _identity(code: str, header: str, path: str, *aliases: str) -> Column:
    return Column(
        code=code, header=header, path=path, convert=cells.code, identity=True, aliases=aliases
    )


def _numbered(code: str, number: int, name: str, path: str, *aliases: str) -> Column:
    """Return one of the six codes of a subject, which tables head with or without the number."""
    bare = f"行政相对人代码_{number}"
    return optional(code, f"{bare}({name})", path, cells.code, bare, name, *aliases)


def _subject(p: str) -> tuple[Column, ...]:
    """Return the block of the subject that both templates share; `p` is XK or CF."""
    return (
        required(
            f"{p}_XDR_MC", "行政相对人名称", "subject.name", cells.text, "行政相对人", "相对人名称"
        ),
        required(
            f"{p}_XDR_LB", "行政相对人类别", "subject.category", cells.category,
            "相对人类别", "行政相对人类型",
        ),
        _numbered(
            f"{p}_XDR_SHXYM", 1, "统一社会信用代码", "subject.uscc",
            "社会信用代码", "行政相对人统一社会信用代码",
        ),
        _numbered(
            f"{p}_XDR_GSZC", 2, "工商注册号", "subject.registration_number", "工商登记码", "注册号"
        ),
        _numbered(f"{p}_XDR_ZZJG", 3, "组织机构代码", "subject.organisation_code"),
        _numbered(f"{p}_XDR_SWDJ", 4, "税务登记号", "subject.tax_number", "纳税人识别号"),
        _numbered(f"{p}_XDR_SYDW", 5, "事业单位证书号", "subject.institution_certificate"),
        _numbered(
            f"{p}_XDR_SHZZ", 6, "社会组织登记证号", "subject.society_certificate", "社会组织登记号"
        ),
        optional(
            f"{p}_FRDB", "法定代表人", "subject.representative_name", cells.text, "法定代表人姓名"
        ),
        optional(f"{p}_FR_ZJLX", "法定代表人证件类型", "subject.representative_id_type"),
        _identity(
            f"{p}_FR_ZJHM", "法定代表人证件号码", "subject.representative_id",
            "法定代表人证件号", f"{p}_FR_SFZH", "法定代表人身份证号",
        ),
        optional(
            f"{p}_XDR_ZJLX", "证件类型", "subject.person_id_type", cells.text, "自然人证件类型"
        ),
        _identity(
            f"{p}_XDR_ZJHM", "证件号码", "subject.person_id", "自然人证件号码", "证件号"
        ),
    )  # fmt: skip


LICENCE = Template(
    type=LICENCE_GRANTED,
    name="行政许可",
    generation=Generation.OF_2018,
    complete=_complete,
    columns=(
        *_subject("XK"),
        required(
            "XK_XKWS", "行政许可决定文书名称", "document_title", cells.text,
            "行政许可决定书名称", "许可决定文书名称",
        ),
        required(
            "XK_WSH", "行政许可决定文书号", "document_number", cells.text,
            "行政许可决定书文号", "许可决定文书号",
        ),
        required("XK_XKLB", "许可类别", "category", cells.text, "行政许可类别", "许可类型"),
        optional("XK_XKZS", "许可证书名称", "certificate_name", cells.text, "行政许可证书名称"),
        optional("XK_XKBH", "许可编号", "licence_number", cells.text, "许可证编号"),
        required("XK_NR", "许可内容", "content", cells.text, "行政许可内容"),
        required("XK_JDRQ", "许可决定日期", "decided_on", cells.day, "行政许可决定日期"),
        required("XK_YXQZ", "有效期自", "valid_from", cells.day, "有效期起", "许可有效期自"),
        required("XK_YXQZI", "有效期至", "valid_to", cells.day, "有效期止", "许可有效期至"),
        required("XK_XKJG", "许可机关", "authority_name", cells.text, "许可机关名称"),
        required(
            "XK_XKJGDM", "许可机关统一社会信用代码", "authority_code", cells.code, "许可机关代码"
        ),
        required("XK_ZT", "当前状态", "state", cells.code, "状态"),
        required("XK_LYDW", "数据来源单位", "source_name", cells.text, "数据来源单位名称"),
        required(
            "XK_LYDWDM", "数据来源单位统一社会信用代码", "source_code", cells.code,
            "数据来源单位代码",
        ),
        optional("BZ", "备注", "remark"),
    ),
)  # fmt: skip

PENALTY = Template(
    type=PENALTY_DECIDED,
    name="行政处罚",
    generation=Generation.OF_2018,
    complete=_complete,
    columns=(
        *_subject("CF"),
        required(
            "CF_WSH", "行政处罚决定书文号", "document_number", cells.text,
            "行政处罚决定文书号", "处罚决定书文号",
        ),
        required("CF_WFXW", "违法行为类型", "violation", cells.text, "违法行为类别"),
        required("CF_SY", "违法事实", "facts", cells.text, "主要违法事实", "处罚事由"),
        required("CF_YJ", "处罚依据", "legal_basis", cells.text, "行政处罚依据"),
        required("CF_CFLB", "处罚类别", "categories", cells.words, "行政处罚类别", "处罚种类"),
        required("CF_NR", "处罚内容", "content", cells.text, "行政处罚内容"),
        optional("CF_NR_FK", "罚款金额(万元)", "fine_10k", cells.amount_10k),
        optional(
            "CF_NR_WFFF", "没收违法所得、没收非法财物的金额(万元)", "confiscated_10k",
            cells.amount_10k, "没收违法所得、没收非法财物金额(万元)",
        ),
        optional(
            "CF_NR_ZKDX", "暂扣或吊销证照名称及编号", "revoked_certificate", cells.text,
            "暂扣或者吊销证照名称及编号",
        ),
        required("CF_JDRQ", "处罚决定日期", "decided_on", cells.day, "行政处罚决定日期"),
        required("CF_YXQ", "处罚有效期", "valid_until", cells.day, "处罚有效期至"),
        optional("CF_GSJZQ", "公示截止期", "publish_until", cells.day, "公示截止日期"),
        required("CF_CFJG", "处罚机关", "authority_name", cells.text, "处罚机关名称"),
        required(
            "CF_CFJGDM", "处罚机关统一社会信用代码", "authority_code", cells.code, "处罚机关代码"
        ),
        required(
            "CF_SJLY", "数据来源单位", "source_name", cells.text, "数据来源单位名称", "CF_SJLYDW"
        ),
        required(
            "CF_SJLYDM", "数据来源单位统一社会信用代码", "source_code", cells.code,
            "数据来源单位代码",
        ),
        optional("BZ", "备注", "remark"),
    ),
)  # fmt: skip

TEMPLATES = (LICENCE, PENALTY, LICENCE_2016, PENALTY_2016)
