"""The pages: one for each type, whole, in Chinese, without dead links and other hosts."""

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from credit_bus.contracts.schema_diff import places
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus_connectors.web.pages import INDEX, RULES, page_name, pages_of
from credit_bus_connectors.web.words import kind_in_words, meaning_of, misfit_in_words
from credit_bus_deploy.cli import command
from credit_bus_deploy.interface import document_of

VOID = {"meta", "br", "link", "img", "hr", "input", "wbr"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[a-z]{3,} [a-z]{3,} [a-z]{2,}")


@cache
def pages() -> dict[str, str]:
    return pages_of(document_of(None))


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in order, every id once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.mistakes: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.mistakes += [f"{each} is not closed" for each in self._open]
        self.mistakes += [f"id {each} twice" for each, n in Counter(self.ids).items() if n > 1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in {"src", "href", "action", "srcset"} or name.startswith("on"):
                self.loads.append(f"{name}={value}")
            elif name == "id":
                self.ids.append(value or "")
        if tag in {"script", "iframe", "object", "form"}:
            self.loads.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.mistakes.append(f"{tag} is closed out of order at {self.getpos()}")


def dead(name: str, links: list[str], texts: dict[str, str]) -> list[str]:
    """The links of a page that lead nowhere."""
    found = []
    for link in links:
        page, _, place = link.partition("#")
        text = texts.get(page or name)
        if text is None or (place and place not in Reader(text).ids):
            found.append(link)
    return found


@pytest.mark.parametrize(
    "text",
    ["<p><b>a</p></b>", "<p>", "</p>", '<a id="x"></a><a id="x"></a>'],
)
def test_a_page_that_is_not_well_formed_is_seen(text: str) -> None:
    assert Reader(text).mistakes


def test_a_dead_link_and_another_host_are_seen() -> None:
    texts = {"a.html": '<a href="b.html">b</a><a href="#no">c</a><img src="//cdn/x">'}
    read = Reader(texts["a.html"])

    assert ["b.html", "#no"] == dead("a.html", read.links, texts)
    assert ["src=//cdn/x"] == read.loads


def test_every_event_type_has_its_page_and_the_index_names_it() -> None:
    assert {page_name(name) for name in EVENT_TYPES} | {INDEX, RULES} == set(pages())
    links = Reader(pages()[INDEX]).links
    assert {page_name(name) for name in EVENT_TYPES} <= set(links)


@pytest.mark.parametrize("name", [INDEX, RULES, *map(page_name, EVENT_TYPES)])
def test_a_page_is_whole_and_stands_by_itself(name: str) -> None:
    text = pages()[name]
    read = Reader(text)

    assert [] == read.mistakes
    assert [] == read.loads
    assert [] == dead(name, read.links, pages())
    assert not re.search(r"https?://|url\(|@import", text)
    assert '<html lang="zh-CN">' in text


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_a_page_tells_every_field_rule_and_example(name: str) -> None:
    text = pages()[page_name(name)]
    message = document_of(None)["components"]["messages"][name]
    shown = re.sub(r"<[^>]*>", "", text)

    assert EVENT_TYPES[name].term in text
    for path in places(load_catalogue().latest(name).raw):
        assert path.endswith("[]") or path in shown
    for code in message["x-rules"]:
        assert f'id="rule-{code}"' in text
    for example in (*message["examples"], *message["x-invalid-examples"]):
        assert example["name"] in text
    for version in message["x-versions"]:
        assert f"编号 {version['schema-id']}" in text


def test_every_field_s_meaning_is_told_in_chinese() -> None:
    silent = []
    for schema in load_catalogue().all:
        for path, place in places(schema.raw).items():
            kind_in_words(place.kind)
            meaning = meaning_of(path, place.docs)
            if path and not path.endswith("[]"):
                silent += [path] if not CHINESE.search(meaning) or SENTENCE.search(meaning) else []

    assert [] == silent


def test_a_reason_without_chinese_words_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="add a row"):
        misfit_in_words("must be blue")


def test_what_a_template_does_not_expect_is_shown_as_text() -> None:
    document = document_of(None)
    document["components"]["messages"]["penalty.decided"]["summary"] = "<script>x</script>"

    assert "<script>" not in pages_of(document)[page_name("penalty.decided")]


def test_docs_writes_the_same_pages_into_a_folder(tmp_path: Path) -> None:
    from click.testing import CliRunner

    result = CliRunner().invoke(command, ["docs", "--output", str(tmp_path / "out")])

    assert 0 == result.exit_code
    assert pages() == {path.name: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()}
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert 2 == CliRunner().invoke(command, ["docs", "--output", str(blocked / "x")]).exit_code
