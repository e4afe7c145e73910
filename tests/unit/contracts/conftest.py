"""What the tests of the wire share: a codec of the released schemas and one good penalty."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.schemas import LOCK_NAME, load_catalogue, release
from credit_bus.contracts.wire import Message, write_event
from credit_bus.domain.event import Event
from credit_bus.domain.synthetic import synthetic_uscc

FIRM = synthetic_uscc(1)
AGENCY = synthetic_uscc(1, "agency")


def penalty_body() -> dict[str, Any]:
    """Return a good penalty about a made-up firm."""
    return {
        "subject": {
            "name": "甘州区示例商贸有限责任公司",
            "category": "organisation",
            "uscc": FIRM,
            "registration_number": None,
            "organisation_code": None,
            "tax_number": None,
            "institution_certificate": None,
            "society_certificate": None,
            "representative_name": "示例甲",
            "representative_id_type": "身份证",
            "representative_id": {"pseudonym": "a" * 64, "box": bytes(46)},
            "person_id_type": None,
            "person_id": None,
        },
        "document_number": "甘区市监罚〔2024〕1号",
        "violation": "经营超过保质期的食品",
        "facts": "现场检查发现超过保质期的预包装食品十二袋，货值金额三百二十元。",
        "legal_basis": "《中华人民共和国食品安全法》第一百二十四条第一款第五项",
        "categories": ["罚款", "没收违法所得"],
        "content": "罚款五千元；没收违法所得三百二十元。",
        "fine_10k": Decimal("0.500000"),
        "confiscated_10k": Decimal("0.032000"),
        "revoked_certificate": None,
        "decided_on": date(2024, 3, 1),
        "valid_until": date(2025, 3, 1),
        "publish_until": None,
        "authority_name": "甘州区市场监督管理局",
        "authority_code": AGENCY,
        "source_name": "甘州区市场监督管理局",
        "source_code": AGENCY,
        "remark": None,
        "generation": "2018",
        "title": None,
        "severity": None,
        "publicity_state": None,
        "division": None,
        "recorded_at": None,
        "usage_scope": None,
        "power_code": None,
    }


@pytest.fixture(scope="session")
def codec() -> Codec:
    return Codec(load_catalogue())


@pytest.fixture
def body() -> dict[str, Any]:
    return penalty_body()


@pytest.fixture(scope="session")
def event() -> Event:
    return Event(
        id="0123456789abcdef0123456789abcdef",
        source="market-regulation",
        type="penalty.decided",
        time=datetime(2024, 3, 1, 1, 2, 3, 4000, tzinfo=UTC),
        subject=FIRM,
        revision=1,
        body=penalty_body(),
        correlation_id="market-regulation.0123456789abcdef01234567",
        causation_id="fedcba9876543210fedcba9876543210",
        traceparent=f"00-{'a' * 32}-{'b' * 16}-01",
    )


@pytest.fixture(scope="session")
def message(codec: Codec, event: Event) -> Message:
    wire = write_event(event, codec)
    return Message(
        topic="credit.outbox.market-regulation",
        partition=0,
        offset=17,
        timestamp_ms=1_709_255_000_000,
        key=wire.key,
        headers=tuple(wire.headers),
        value=wire.value,
    )


class SchemaFiles:
    """Changes to a copy of the released schemas, for tests of catalogue and evolution."""

    RESPONSE: dict[str, Any] = {  # noqa: RUF012 a body is a dict
        "action_id": "district-court.0123456789abcdef01234567",
        "measure": "procurement-ban",
        "decision": "accepted",
        "refusal_reason": None,
        "refusal_basis": None,
        "responded_on": date(2024, 3, 8),
        "remark": None,
    }

    @staticmethod
    def next_version(folder: Path, event_type: str, change: Callable[[Any], None]) -> Path:
        """Write the next version of a type, changed from its newest; return the file."""
        newest = max(int(path.stem) for path in (folder / event_type).iterdir())
        schema = json.loads((folder / event_type / f"{newest}.avsc").read_text("utf-8"))
        change(schema)
        path = folder / event_type / f"{newest + 1}.avsc"
        path.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
        return path

    @staticmethod
    def keep_first(folder: Path, event_type: str) -> None:
        """Take every version of a type but the first out of the folder and its LOCK."""
        for path in (folder / event_type).iterdir():
            if path.stem != "1":
                path.unlink()
        lock = folder / LOCK_NAME
        kept = [
            line
            for line in lock.read_text("utf-8").splitlines(keepends=True)
            if line.split()[1] != event_type or line.split()[2] == "1"
        ]
        lock.write_text("".join(kept), "utf-8")

    @classmethod
    def add_field(cls, folder: Path, event_type: str, field: dict[str, Any]) -> None:
        """Release a next version with one more field."""
        cls.next_version(folder, event_type, lambda schema: schema["fields"].append(field))
        release(folder)


@pytest.fixture
def schema_file() -> type[SchemaFiles]:
    return SchemaFiles


@pytest.fixture
def released(tmp_path: Path) -> Callable[[], Path]:
    """Return a function that copies the released schemas to a folder of the test's own."""

    def copy() -> Path:
        return Path(shutil.copytree(data_folder("avro"), tmp_path / "avro"))

    return copy
