"""CSV and HTML: readable for people, harmless for spreadsheets and browsers."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_report_file import a_report

from engine.names import path_fields
from engine.report import check_report, export_csv, export_html
from engine.report.csv import COLUMNS, safe_cell

NASTY = [
    *("=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0@x", "\uff1dx", "\u200b=x", "\ufeff-x"),
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=1>',
        "a,b;c",
        'say "x"',
        "two\nlines",
        "\x1b[2J",
        "\u202egpj.exe",
        "&amp;",
        "'x",
    ),
]


def report_with(name: str) -> object:
    report = a_report()
    text, exact = path_fields(b"/lib/" + name.encode("utf-8", "surrogateescape").replace(b"/", b"_").replace(b"\0", b"_"))
    report["files"][0].update(path=text, path_b64=exact, format=name, taken=name, code=name)
    report["clusters"][0]["members"][0]["reason"] = name
    report["problems"][0].update(message=name, hint=name)
    return check_report(report)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_one_line_a_file_with_clusters_first() -> None:
    data = export_csv(check_report(a_report()))

    lines = rows(data)
    assert data.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode()) and data.endswith(b"\r\n")
    assert [line["file"] for line in lines] == ["0", "1", "4", "2", "3"]
    assert [line["suggest"] for line in lines] == ["keep", "remove", "undecided", "", ""]
    assert lines[0]["path"] == "/lib/a.jpg" and lines[0]["modified_utc"] == "1969-12-31 23:59:59"
    assert lines[2]["path"] == "/lib/\\xff.jpg" and lines[2]["path_b64"]


@pytest.mark.parametrize("name", NASTY)
def test_no_cell_is_a_formula_or_breaks_its_line(name: str) -> None:
    data = export_csv(report_with(name))  # type: ignore[arg-type]

    assert len(rows(data)) == 5 and data.count(b"\r\n") == data.count(b"\n") == 6
    for line in rows(data):
        assert set(line) == set(COLUMNS)
        for cell in line.values():
            visible = re.sub(r"^[\s\u200b\ufeff]+", "", cell)
            assert not visible.startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20")), cell
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", cell)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n \u00a0\u200b\u202ea1'\"") | st.characters(), max_size=8)
)
def test_safe_cell_never_begins_like_a_formula(text: str) -> None:
    cell = safe_cell(text)

    stripped = cell.lstrip().lstrip("\u200b\u00ad\u2060")
    assert not stripped.startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r"))
    if text and text[0].isalnum() and text.isprintable():
        assert cell == text


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(data: bytes) -> _Page:
    page = _Page()
    page.feed(data.decode("utf-8"))
    return page


@pytest.mark.parametrize("name", NASTY)
def test_html_has_the_same_tags_whatever_the_names(name: str) -> None:
    plain = parsed(export_html(report_with("plain"), {0: b"\xff\xd8\xff\xe0"}, "plain"))  # type: ignore[arg-type]
    nasty = parsed(export_html(report_with(name), {0: b"\xff\xd8\xff\xe0"}, name))  # type: ignore[arg-type]

    assert [tag for tag, _ in nasty.tags] == [tag for tag, _ in plain.tags]
    assert [sorted(attrs) for _, attrs in nasty.tags] == [sorted(attrs) for _, attrs in plain.tags]
    assert not re.search("[\x1b\u202e]", "".join(nasty.words))


def test_html_names_no_address_runs_no_script_and_says_so() -> None:
    page = parsed(export_html(check_report(a_report()), {0: b"\xff\xd8\xffdata", 1: b"<svg onload=1>", 9: b""}))

    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not {"script", "link", "iframe", "a", "form", "object", "base"} & {tag for tag, _ in page.tags}
    assert [attrs["src"] for tag, attrs in page.tags if tag == "img"] == ["data:image/jpeg;base64,/9j/ZGF0YQ=="]
    assert all(not key.startswith("on") for _, attrs in page.tags for key in attrs)


def with_edits(*edits: str) -> object:
    report = a_report()
    pair = {**report["pairs"][0], "tier": "edited", "edits": list(edits), "decision": None}
    report["pairs"] = [{**pair, "a": 0, "b": 1, "edits": []}, {**pair, "a": 0, "b": 4}]
    return check_report(report)


def test_exports_name_the_edits_by_which_a_member_differs() -> None:
    report = with_edits("crop", "tone")

    assert {line["file"]: line["edits"] for line in rows(export_csv(report))} == {  # type: ignore[arg-type]
        "0": "",
        "1": "",
        "4": "crop, tone",
        "2": "",
        "3": "",
    }
    assert b"crop, tone</span>" in export_html(report)  # type: ignore[arg-type]


def test_edits_of_a_strange_report_are_text_and_nothing_else() -> None:
    report = with_edits("=1+1", "<b>")

    assert rows(export_csv(report))[2]["edits"] == "'=1+1, <b>"  # type: ignore[arg-type]
    assert b"<b>" not in export_html(report)  # type: ignore[arg-type]
