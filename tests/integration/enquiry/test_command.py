"""The commands: who asked about a subject, and the web process that answers without a broker."""

import json
from pathlib import Path

import httpx
from click.testing import CliRunner
from tests.integration.departments.intakes import new_key
from tests.integration.enquiry.conftest import ASKER, Web, enquiry
from tests.integration.web.conftest import web_process

from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_deploy.cli import command

SUBJECT = synthetic_uscc(1)


def about(database: str, *options: str) -> str:
    arguments = ["enquiries-about", SUBJECT, "--case", "监督1号", "--database", database, *options]
    result = CliRunner().invoke(command, arguments)
    assert 0 == result.exit_code, result.output
    return result.output


def test_it_prints_who_asked_newest_first_and_notes_that_somebody_looked(web: Web, rows) -> None:
    web.ask()
    web.ask(enquiry_number="2", purpose="fiscal-support")

    lines = about(web.database).splitlines()
    told = json.loads(about(web.database, "--json"))

    assert f"{SUBJECT}　查询记录 2 条" == lines[0]
    assert "财政性资金和项目支持" in lines[1]
    assert "政府采购" in lines[2]
    assert [(ASKER, "2"), (ASKER, "财查〔2026〕1号")] == [
        (each["asker"], each["enquiry_number"]) for each in told["lines"]
    ]
    assert [("hub", None, 2), ("hub", None, 2)] == rows(
        "SELECT party, key_id, lines FROM enquiry.disclosure"
    )


def test_without_its_schema_it_says_what_to_do(database: str) -> None:
    result = CliRunner().invoke(
        command, ["enquiries-about", SUBJECT, "--case", "1", "--database", database]
    )

    assert 2 == result.exit_code
    assert "credit-bus: " in result.output


def test_the_web_process_answers_enquiries_without_a_broker(district: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("73" * 32)
    key, _ = new_key(district, ASKER)
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    options = ("--database", district, "--secret-file", str(secret))
    with web_process(tmp_path, *options) as (url, _):
        answer = httpx.post(f"{url}/enquiries", json=enquiry(), headers=headers)
        large = httpx.post(f"{url}/enquiries", content=b" " * 10_485_760, headers=headers)
        logged = (tmp_path / "web.log").read_text()

    assert [200, 413] == [answer.status_code, large.status_code]
    assert SUBJECT not in logged
    assert key not in logged
    assert "enquiry.request" in logged
