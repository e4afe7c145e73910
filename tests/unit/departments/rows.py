"""Rows of the templates for tests, with made-up subjects only."""

import csv
import io
from collections.abc import Mapping, Sequence

from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.templates import PENALTY

COMPANY = synthetic_uscc(1)
SHOP = synthetic_uscc(1, "individual")
AGENCY = synthetic_uscc(1, "agency")
PERSON = synthetic_resident_id(20_000)  # born in 1954

LICENCE_CELLS = {
    "XK_XDR_MC": "甲公司",
    "XK_XDR_LB": "法人及非法人组织",
    "XK_XDR_SHXYM": COMPANY,
    "XK_FRDB": "某甲",
    "XK_XKWS": "食品经营许可决定书",
    "XK_WSH": "甘区市监许〔2018〕1号",
    "XK_XKLB": "普通",
    "XK_NR": "准予食品销售",
    "XK_JDRQ": "2018/03/23",
    "XK_YXQZ": "2018/03/23",
    "XK_YXQZI": "2023/03/22",
    "XK_XKJG": "某局",
    "XK_XKJGDM": AGENCY,
    "XK_ZT": "1",
    "XK_LYDW": "某局",
    "XK_LYDWDM": AGENCY,
}

PENALTY_CELLS = {
    "CF_XDR_MC": "甲公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": COMPANY,
    "CF_FRDB": "某甲",
    "CF_WSH": "甘区市监罚〔2018〕1号",
    "CF_WFXW": "销售过期食品",
    "CF_SY": "经查，当事人销售过期食品",
    "CF_YJ": "食品安全法第一百二十四条",
    "CF_CFLB": "罚款；没收违法所得",
    "CF_NR": "罚款二千元",
    "CF_NR_FK": "0.2",
    "CF_NR_WFFF": "0.01",
    "CF_JDRQ": "2018/03/23",
    "CF_YXQ": "2019/03/23",
    "CF_CFJG": "某局",
    "CF_CFJGDM": AGENCY,
    "CF_SJLY": "某局",
    "CF_SJLYDM": AGENCY,
}

NATURAL_PERSON = {
    "CF_XDR_MC": "某乙",
    "CF_XDR_LB": "自然人",
    "CF_XDR_SHXYM": "",
    "CF_FRDB": "",
    "CF_XDR_ZJLX": "身份证",
    "CF_XDR_ZJHM": PERSON,
}


LICENCE_2016_CELLS = {
    "XK_WSH": "甘区许〔2016〕1号",
    "XK_XMMC": "食品经营许可",
    "XK_SPLB": "普通",
    "XK_NR": "准予食品销售",
    "XK_XDR": "甲公司",
    "XK_XDR_SHXYM": COMPANY,
    "XK_FR": "某甲",
    "XK_JDRQ": "2016/03/23",
    "XK_JZQ": "2019/03/22",
    "XK_XZJG": "某局",
    "XK_ZT": "0",
    "DFBM": "620702",
    "SJC": "2016/03/24 10:20:30",
}

PENALTY_2016_CELLS = {
    "CF_WSH": "甘区罚〔2016〕1号",
    "CF_CFMC": "销售过期食品案",
    "CF_CFLB1": "罚款",
    "CF_CFLB2": "警告",
    "CF_SY": "经查，当事人销售过期食品",
    "CF_YJ": "食品安全法第一百二十四条",
    "CF_XDR_MC": "甲公司",
    "CF_XDR_SHXYM": COMPANY,
    "CF_FR": "某甲",
    "CF_JG": "罚款二千元",
    "CF_JDRQ": "2016/03/23",
    "CF_XZJG": "某局",
    "CF_ZT": "0",
    "DFBM": "620702",
    "SJC": "2016/03/24",
    "CF_SXYZCD": "1",
}


def header(template: Template, *, chinese: bool = False) -> list[str]:
    """Return the template's header in codes, or in Chinese."""
    return [column.header if chinese else column.code for column in template.columns]


def cells_of(template: Template, said: Mapping[str, str]) -> list[str]:
    """Return a row in the template's own order."""
    return [said.get(column.code, "") for column in template.columns]


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows as CSV text."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def penalties(count: int, **changes: str) -> list[list[str]]:
    """Return header and rows of so many penalties, each with a number of its own."""
    rows = [
        cells_of(PENALTY, {**PENALTY_CELLS, "CF_WSH": f"甘罚〔2018〕{n}号", **changes})
        for n in range(1, count + 1)
    ]
    return [header(PENALTY, chinese=True), *rows]
