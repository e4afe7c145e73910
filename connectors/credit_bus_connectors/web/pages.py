"""The pages: one for each event type of an AsyncAPI document, an index, and the common rules.

Knows the document alone, not how it was made. Each page stands by itself: own style, no script,
nothing from other hosts; links are relative, so that a folder of files and the web process show
the same.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from credit_bus_connectors.web.how import hows
from credit_bus_connectors.web.page_fields import changes_of, fields_of
from credit_bus_connectors.web.page_ways import nodes_of, steps_of
from credit_bus_connectors.web.picture import picture_of
from credit_bus_connectors.web.words import misfit_in_words, rule_in_words

TEMPLATES = Path(__file__).with_name("templates")
INDEX, RULES = "index.html", "rules.html"
_STAGES = (
    ("wire", "格式", "消息能否读懂：消息头、消息键、编码。"),
    ("gate", "闸口", "谁可以报送什么、事件编号、版次和分区。"),
)

Document = Mapping[str, Any]


def pages_of(document: Document, *, beside: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the text of each page by its file name, always the same for the same document.

    `beside` are further links of their head: where each leads, by its text.
    """
    templates = environment()
    info = document["info"]
    templates.globals["about"] = (
        f"{info['title']}，版本 {info['version']}，登记册 {document['x-registry-version']}。"
    )
    templates.globals["beside"] = dict(beside or {})
    types = _in_order(document)
    rows = [_row(document, name) for name in types]
    pages = {
        INDEX: templates.get_template(INDEX).render(
            description=info["description"], groups=_groups(document)
        ),
        RULES: templates.get_template(RULES).render(
            parts=_common_rules(document), headers=_headers(document)
        ),
    }
    template = templates.get_template("type.html")
    for number, name in enumerate(types):
        pages[page_name(name)] = template.render(
            type=_type(document, name),
            before=rows[number - 1] if number else None,
            after=rows[number + 1] if number + 1 < len(rows) else None,
        )
    return pages


def environment(*folders: Path) -> Environment:
    """Return the templates: markup from elsewhere is shown as text, what is missing is an error.

    Those of `folders` come before the common ones.
    """
    return Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_name(event_type: str) -> str:
    """Return the file name of a type's page."""
    return f"{event_type}.html"


def _message(document: Document, name: str) -> Any:
    return document["components"]["messages"][name]


def _groups(document: Document) -> list[dict[str, Any]]:
    names = [tag["name"] for tag in document["info"]["tags"]]
    return [
        {
            "name": group,
            "types": [
                _row(document, name)
                for name, message in document["components"]["messages"].items()
                if message["tags"][0]["name"] == group
            ],
        }
        for group in names
    ]


def _in_order(document: Document) -> list[str]:
    return [row["name"] for group in _groups(document) for row in group["types"]]


def _row(document: Document, name: str) -> dict[str, str]:
    message = _message(document, name)
    return {
        "name": name,
        "term": message["title"],
        "purpose": message["summary"],
        "page": page_name(name),
    }


def _type(document: Document, name: str) -> dict[str, Any]:
    message = _message(document, name)
    versions = message["x-versions"]
    by_bus = name not in document["channels"]["outbox"]["messages"]
    parties = document["x-parties"]
    nodes = nodes_of(document, name)
    return {
        **_row(document, name),
        "by_bus": by_bus,
        "speakers": [
            {"code": code, "name": parties[code]["name"], "until": parties[code].get("until")}
            for code in message["x-said-by"]
        ],
        "document": message["x-document"],
        "receipt": message["x-receipt"],
        "way": picture_of(nodes),
        "steps": steps_of(document, name),
        "fields": fields_of(message),
        "newest": versions[-1]["version"],
        "schema_id": versions[-1]["schema-id"],
        "subject": versions[-1]["subject"],
        "rules": [_rule(document, code) for code in message["x-rules"]],
        "good": [_example(each) for each in message["examples"]],
        "bad": [
            {
                **_example(each),
                "field": each["field"],
                "why": misfit_in_words(each["rule"]),
            }
            for each in message["x-invalid-examples"]
        ],
        "ways": hows(name, by_bus=by_bus),
        "versions": [
            {
                "version": each["version"],
                "schema_id": each["schema-id"],
                "changes": changes_of(versions[number - 1], each) if number else [],
            }
            for number, each in enumerate(versions)
        ],
    }


def _example(example: Mapping[str, Any]) -> dict[str, str]:
    text = json.dumps(example["payload"], ensure_ascii=False, indent=2)
    return {"name": example["name"], "text": text}


def _rule(document: Document, code: str) -> dict[str, str]:
    rule = document["x-rules"][code]
    return {
        "code": code,
        "rule": rule_in_words(rule["rule"]),
        "remedy": rule_in_words(rule["remedy"]),
    }


def _common_rules(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "text": text,
            "rules": [
                _rule(document, code)
                for code, rule in document["x-rules"].items()
                if rule["stage"] == stage
            ],
        }
        for stage, title, text in _STAGES
    ]


def _headers(document: Document) -> list[dict[str, Any]]:
    schema = document["components"]["schemas"]["headers"]
    return [
        {
            "name": name,
            "meaning": each["description"],
            "fixed": each.get("const"),
            "required": name in schema["required"],
            "longest": each["maxLength"],
        }
        for name, each in schema["properties"].items()
    ]
