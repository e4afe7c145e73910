"""The glossary's section of reasons, made from the tables of rules.

Run as a program, it writes the section into schemas/GLOSSARY.md anew.
"""

from pathlib import Path

from credit_bus.contracts.refusals import WIRE_RULES
from credit_bus.domain.rules import RULES
from credit_bus.flows.refusals import GATE_RULES
from credit_bus_connectors.departments.http.rules import HTTP_RULES
from credit_bus_connectors.departments.rules import FORM_RULES
from credit_bus_connectors.enquiry.rules import ENQUIRY_RULES
from credit_bus_connectors.platforms.refusals import PLATFORM_RULES

GLOSSARY = Path(__file__).resolve().parents[2] / "schemas" / "GLOSSARY.md"
BEGIN = "<!-- reasons: begin -->\n"
END = "<!-- reasons: end -->\n"

TABLES = (
    ("The form: what a department's file or JSON must look like", FORM_RULES),
    ("The request over HTTP: why a whole one is refused", HTTP_RULES),
    ("The enquiry over HTTP: why it is not answered", ENQUIRY_RULES),
    ("The wire: before the content is judged", WIRE_RULES),
    ("The gate: who may say what, under which id, in which revision", GATE_RULES),
    ("The content", RULES),
    ("The platforms: why one would not take a record", PLATFORM_RULES),
)


def reason_codes() -> set[str]:
    """Return every code that a refusal may carry."""
    return {code for _, table in TABLES for code in table}


def reason_section() -> str:
    """Return the section: a table for each table of rules."""
    parts = []
    for title, table in TABLES:
        rows = [f"| `{code}` | {table[code].rule} |\n" for code in sorted(table)]
        parts.append(f"### {title}\n\n| code | rule |\n|---|---|\n{''.join(rows)}")
    return "\n" + "\n".join(parts) + "\n"


def with_reasons(glossary: str) -> str:
    """Return the glossary with its section of reasons made anew."""
    before, _, rest = glossary.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + reason_section() + END + after


if __name__ == "__main__":
    GLOSSARY.write_text(with_reasons(GLOSSARY.read_text("utf-8")), "utf-8")
