"""Synthetic, format-true rows of the 2018 templates: good ones. No real person, no real firm.

A row is a mapping from a template's field path to the text of its cell, so that licences and
penalties share the subject block. Everything follows from the random generator that is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from credit_bus.domain.registry import Party
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.templates import LICENCE, PENALTY

Row = dict[str, str]

COMPANIES = 900
BUSINESSES = 500
PERSONS = 700
DECIDED_DAYS_BACK_MAX = 9

_TRADES = ("商贸", "建材", "农业科技", "餐饮", "物流", "机电", "种业", "食品")
_LICENCES = (
    ("食品经营许可决定书", "普通", "食品经营许可证", "准予从事预包装食品销售"),
    ("建筑施工许可决定书", "普通", "建筑工程施工许可证", "准予开工建设"),
    ("取水许可决定书", "特许", "取水许可证", "准予取用地下水"),
    ("特种设备检验机构核准决定书", "核准", "特种设备检验检测机构核准证", "准予开展检验检测"),
    ("道路运输经营许可决定书", "普通", "道路运输经营许可证", "准予从事道路普通货物运输"),
    ("市政设施建设类审批决定书", "其他-审批", "", "准予临时占用城市道路"),
)
_PENALTIES = (
    ("销售超过保质期的食品", "《中华人民共和国食品安全法》第一百二十四条", "罚款；没收违法所得"),
    ("未按规定安装消防设施", "《中华人民共和国消防法》第六十条", "罚款"),
    ("超标排放水污染物", "《中华人民共和国水污染防治法》第八十三条", "罚款"),
    ("未取得许可擅自施工", "《中华人民共和国建筑法》第六十四条", "警告；罚款"),
    ("违反安全生产管理规定", "《中华人民共和国安全生产法》第九十七条", "警告"),
    ("许可证件管理违法", "《中华人民共和国行政许可法》第八十条", "暂扣许可证件"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes the rows of one department on one day."""

    party: Party
    today: date
    random: Random

    def good(self, template: Template, number: int) -> Row:
        """Return a row that must be accepted; `number` makes its document number unique."""
        decided = self.today - timedelta(days=self.random.randint(1, DECIDED_DAYS_BACK_MAX))
        own = self._licence if template is LICENCE else self._penalty
        return {**self._subject(), **own(number, decided)}

    def _subject(self) -> Row:
        chance = self.random.random()
        if chance < 0.15:
            return person(self.random.randrange(PERSONS))
        if chance < 0.40:
            return business(self.random.randrange(BUSINESSES))
        return company(self.random.randrange(COMPANIES), self.random)

    def _licence(self, number: int, decided: date) -> Row:
        title, category, certificate, content = self.random.choice(_LICENCES)
        long_term = self.random.random() < 0.2
        until = date(2099, 12, 31) if long_term else decided + timedelta(days=365 * 3)
        return {
            "document_title": title,
            "document_number": self._document("许", number),
            "category": category,
            "certificate_name": certificate or "/",
            "licence_number": f"GZ{number:08d}" if certificate else "无",
            "content": content,
            "decided_on": day(decided),
            "valid_from": day(decided),
            "valid_to": day(until),
            "state": "1",
            **self._authority(),
        }

    def _penalty(self, number: int, decided: date) -> Row:
        violation, basis, categories = self.random.choice(_PENALTIES)
        fine = f"{self.random.randint(1, 200) / 10:.6f}" if "罚款" in categories else ""
        taken = f"{self.random.randint(1, 90) / 100:.2f}" if "没收" in categories else "/"
        certificate = f"许可证GZ{number:08d}" if "暂扣" in categories else "无"
        return {
            "document_number": self._document("罚", number),
            "violation": violation,
            "facts": f"经查，当事人{violation}，事实清楚，证据确凿。",
            "legal_basis": basis,
            "categories": categories,
            "content": f"依法给予{categories}的行政处罚。",
            "fine_10k": fine,
            "confiscated_10k": taken,
            "revoked_certificate": certificate,
            "decided_on": day(decided),
            "valid_until": day(decided + timedelta(days=365 * 3)),
            "publish_until": day(decided + timedelta(days=365)),
            **self._authority(),
        }

    def _document(self, kind: str, number: int) -> str:
        return f"甘区示{kind}〔{self.today.year}〕{self.party.code}-{number}号"

    def _authority(self) -> Row:
        code = self.party.uscc
        assert code is not None, f"{self.party.code} has no code in the registry"
        return {
            "authority_name": self.party.name,
            "authority_code": code,
            "source_name": self.party.name,
            "source_code": code,
        }


def company(number: int, random: Random) -> Row:
    """Return the subject block of a made-up company."""
    trade = _TRADES[number % len(_TRADES)]
    return {
        "subject.name": f"示例{trade}{number}号有限公司",
        "subject.category": "法人及非法人组织",
        "subject.uscc": synthetic_uscc(number, "company"),
        "subject.representative_name": f"示例代表人{random.randrange(99)}",
    }


def business(number: int) -> Row:
    """Return the subject block of a made-up individual business."""
    return {
        "subject.name": f"示例小吃店{number}号",
        "subject.category": "个体工商户",
        "subject.uscc": synthetic_uscc(number, "individual"),
        "subject.representative_name": f"示例经营者{number}",
    }


def person(number: int) -> Row:
    """Return the subject block of a made-up natural person, whose number can be nobody's."""
    return {
        "subject.name": f"示例自然人{number}",
        "subject.category": "自然人",
        "subject.person_id_type": "身份证",
        "subject.person_id": synthetic_resident_id(20_000 + number),
    }


def day(value: date) -> str:
    """Return the date as the templates write it."""
    return f"{value:%Y/%m/%d}"


def cells(template: Template, row: Mapping[str, str]) -> list[str]:
    """Return the row's cells in the template's order."""
    return [row.get(column.path, "") for column in template.columns]


def kind_of(template: Template) -> str:
    """Return the word that a template's file name carries."""
    return {LICENCE.type: "licences", PENALTY.type: "penalties"}[template.type]
