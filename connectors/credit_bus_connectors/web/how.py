"""How an event can be said, in words for each way: rows. A new way is one more row."""

from collections.abc import Callable
from dataclasses import dataclass

from credit_bus_connectors.departments.files.templates import LICENCE, PENALTY
from credit_bus_connectors.departments.json_form.statement import SAYABLE

_TEMPLATES = {LICENCE.type: "licence", PENALTY.type: "penalty"}


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """One way to say an event."""

    title: str
    text: str
    code: str = ""


def hows(event_type: str, *, by_bus: bool) -> tuple[How, ...]:
    """Return the ways in which a party says this type; for what the bus says, how it is read."""
    rows = (_by_reading,) if by_bus else _ROWS
    found = (row(event_type) for row in rows)
    return tuple(each for each in found if each is not None)


def _by_file(event_type: str) -> How | None:
    template = _TEMPLATES.get(event_type)
    if template is None:
        return None
    return How(
        title="文件",
        text=(
            "按 2016 版或者 2018 版双公示模板填写 XLSX 或者 CSV，放入本单位的文件夹 in/；"
            "处理后移到 done/，有退回的行时旁边有错误报告。下面的命令生成空白模板："
        ),
        code=f"credit-bus template {template} --party 单位代码 --empty --output {template}.xlsx",
    )


def _by_http(event_type: str) -> How | None:
    if event_type not in SAYABLE:
        return None
    return How(
        title="HTTP",
        text=(
            "向网页进程发送 JSON，一次一个或者一组（不超过 500 个）；答复逐个写明受理或者全部理由。"
            "途中出现故障的，用同一 Idempotency-Key 原样重发，不会重复。"
        ),
        code=(
            'curl "$URL/events" -H "Authorization: Bearer $KEY" -H "Idempotency-Key: 自定编号" \\\n'
            '  -H "Content-Type: application/json" \\\n'
            f'  --data \'{{"type": "{event_type}", "data": {{…}}}}\''
        ),
    )


def _by_table(event_type: str) -> How | None:
    if event_type not in SAYABLE:
        return None
    return How(
        title="发件箱表",
        text=(
            "在本单位自己的 PostgreSQL 中，与业务数据同一事务写入 credit_bus.outbox；"
            "每一行的处理结果在 credit_bus.answer。建表语句由 credit-bus table --ddl 打印。"
        ),
        code=(
            "INSERT INTO credit_bus.outbox (id, aggregateid, type, payload)\n"
            f"VALUES (gen_random_uuid(), '主体键', '{event_type}', '{{…}}');"
        ),
    )


def _by_client(event_type: str) -> How:
    return How(
        title="Python 客户端",
        text="事件编号、主体键、模式和分区都由客户端处理；等待回执时返回受理或者全部理由。",
        code=(
            "from credit_bus_connectors.departments.client import DepartmentClient\n\n"
            'with DepartmentClient("单位代码", "主机:端口", codec=codec) as client:\n'
            f"    [receipt] = client.publish([event], wait=True)  # event.type == {event_type!r}"
        ),
    )


def _by_kafka(event_type: str) -> How:
    return How(
        title="Kafka 生产者",
        text=(
            "写入本单位的发件主题 credit.outbox.单位代码：消息键为主体键，消息头见通用规则，"
            f"ce_type 为 {event_type}；正文为 Avro，模式从网页进程的 /schema-registry 读取，"
            "按记录名称取模式（RecordNameStrategy）。"
        ),
    )


def _by_reading(_event_type: str) -> How:
    return How(
        title="不能报送，只能读取",
        text=(
            "从本单位的收件主题 credit.inbox.单位代码 或者回执主题 credit.replies.单位代码 读取；"
            "任何 Avro 反序列化程序都可以用网页进程的 /schema-registry 解码。"
        ),
    )


_ROWS: tuple[Callable[[str], How | None], ...] = (
    _by_file,
    _by_http,
    _by_table,
    _by_client,
    _by_kafka,
)
