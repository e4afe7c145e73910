"""How an event can be said, in words for each way: rows. A new way is one more row."""

from collections.abc import Callable
from dataclasses import dataclass

from credit_bus_connectors.departments.templates import LICENCE, PENALTY

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
            "按双公示模板填写 CSV，放入本单位的文件夹 in/；处理后移到 done/，"
            "有退回的行时旁边有错误报告。下面的命令生成表头和一行示例："
        ),
        code=f"credit-bus template {template} --party 单位代码 --output {template}.csv",
    )


def _by_client(event_type: str) -> How:
    return How(
        title="Python 客户端",
        text="事件编号、主体键、模式和分区都由客户端处理；等待回执时返回受理或者全部理由。",
        code=(
            "from credit_bus_connectors.departments import DepartmentClient\n\n"
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


_ROWS: tuple[Callable[[str], How | None], ...] = (_by_file, _by_client, _by_kafka)
