"""Prepared answers as files: what people's tools write is read, what is wrong is told by line, nothing is lost."""

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops.catalog import Verb
from chatops.model.ticket import TicketKind
from chatops.rules.macrofile import Kind, MacroEntry, Problem, SignOff, read, write
from chatops.rules.macrofile.acts import ACTS, act
from chatops.rules.macrofile.checked import KINDS, id_from

WHERE = MacroEntry(
    id="where-is-my-order",
    name="Where is my order?",
    folder="Delivery",
    owner="Noor",
    reviewed_on=date(2026, 11, 1),
    review_by=date(2027, 5, 1),
    acts=("level logistics", "note asked; twice, already"),
    kinds=("chat", "live"),
    shops=("maomao-gb",),
    keywords={"en": ("where", "my parcel"), "th": ("พัสดุ",)},
    texts={"en": "Hi {buyer.name} 👋🏽\n\n- order {order.id}\n- a | b \\ <br> &amp; *c*", "th": "สวัสดีค่ะ 'ของถึงไหนแล้ว'"},
    signed_off={"th": SignOff("Ploy N.", date(2026, 11, 2))},
)
OLD = MacroEntry(id="old", name="=1+1", archived=True, texts={"pt-BR": "-oi\n'=x"})

YAML = """\
- name: Size
  keywords:
    en: [size, how big]
    no: [størrelse]
  texts:
    en: Which size do you wear?
"""


def told(text: str, kind: Kind) -> list[tuple[int, str]]:
    """Return the problems of a file: line and what."""
    return [(problem.line, problem.what) for problem in read(text.encode(), kind)[1]]


# There and back


@pytest.mark.parametrize("kind", Kind)
def test_what_is_written_is_read_as_it_was(kind: Kind) -> None:
    assert read(write([WHERE, OLD], kind).encode(), kind) == ([WHERE, OLD], [])


SIGNS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="{}\ufffd\ufeff\u2028\u2029\x85")
TEXTS = st.text(st.one_of(SIGNS, st.sampled_from("\n\n\t   '=+-@|\\<>&*\"#:;,")), min_size=1, max_size=40).map(
    str.strip
)


@given(TEXTS.filter(bool), st.sampled_from(Kind))
@settings(max_examples=150)
def test_no_text_breaks_its_file(text: str, kind: Kind) -> None:
    entry = MacroEntry(id="any", name="Any", texts={"en": text})
    assert read(write([entry], kind).encode(), kind) == ([entry], [])


def test_an_entry_reaches_a_running_process_as_it_is() -> None:
    sent = msgspec.json.encode(read(write([WHERE], Kind.CSV).encode(), Kind.CSV)[0])
    assert msgspec.json.decode(sent, type=list[MacroEntry]) == [WHERE]


def test_no_cell_we_write_is_computed_by_a_spreadsheet() -> None:
    sheet = write([OLD], Kind.CSV)
    assert "'=1+1" in sheet
    assert "'-oi" in sheet
    assert sheet.startswith("\ufeff")  # or Excel reads Thai as something else


# What people's tools write


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_spreadsheets_file_is_read(separator: str, encoding: str) -> None:
    lines = [
        separator.join(["Name", "Folder", "Keywords", "Acts", "Text (en)", "TEXT_th", ""]),
        separator.join(
            ["Size", "Before", '"size, fit"', '"level presale\ntag size"', '"Hi ""you""\n\nBye"', "ไซซ์ไหนคะ", ""]
        ),
        separator * 6,
    ]
    entries, problems = read("\r\n".join(lines).encode(encoding), Kind.CSV)
    assert problems == []
    assert entries == [
        MacroEntry(
            id="size",
            name="Size",
            folder="Before",
            acts=("level presale", "tag size"),
            keywords={"en": ("size", "fit"), "th": ("size", "fit")},
            texts={"en": 'Hi "you"\n\nBye', "th": "ไซซ์ไหนคะ"},
        )
    ]


def test_a_notes_tools_tables_are_read() -> None:
    page = """\
# Answers

Read me first | not a table

| Name | text en |
|:-----|:-------:|
| Size | Which one?<br><br/>S \\| M \\\\ L &amp; XL |

name|text th
-|-
Colour|สีไหนคะ
"""
    entries, problems = read(page.encode(), Kind.MARKDOWN)
    assert problems == []
    assert [(entry.name, dict(entry.texts), entry.line) for entry in entries] == [
        ("Size", {"en": "Which one?\n\nS | M \\ L & XL"}, 7),
        ("Colour", {"th": "สีไหนคะ"}, 11),
    ]


@pytest.mark.parametrize(
    ("written", "locale"),
    [("EN", "en"), ("zh-Hans", "zh"), ("zh_cn", "zh"), ("zh-hant", "zh-Hant"), ("pt_br", "pt-BR"), ("tl", "fil")],
)
def test_languages_are_written_as_people_do(written: str, locale: str) -> None:
    text = "一" if written.startswith("zh") else "hi"
    (entry,), problems = read(f"- name: x\n  texts: {{{written}: {text}}}\n".encode(), Kind.YAML)
    assert (problems, list(entry.texts)) == ([], [locale])


@pytest.mark.parametrize(
    "name", ["价格是多少", "A very long name of a macro, longer than an id", "Ünïcode Größe", "!?"]
)
def test_an_id_is_made_from_every_name_always_the_same(name: str) -> None:
    assert id_from(name) == id_from(f"{name} ".strip())
    assert (
        MacroEntry(id=id_from(name), name=name, texts={"en": "x"})
        in read(write([MacroEntry(id="", name=name, texts={"en": "x"})], Kind.CSV).encode(), Kind.CSV)[0]
    )


def test_the_kinds_of_tickets_are_those_of_the_desk() -> None:
    assert set(KINDS) == set(TicketKind)


def test_an_act_is_something_a_person_can_do() -> None:
    assert set(ACTS) <= set(Verb)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("!Level logistics", "level logistics"),
        ("level 物流", "level 物流"),
        ("level logistcs", None),
        ("level", None),
        ("priority URGENT", "priority URGENT"),
        ("priority 7", None),
        ("language th", "language th"),
        ("tag damaged -vip", "tag damaged -vip"),
        ("tag !", None),
        ("snooze tomorrow 9", "snooze tomorrow 9"),
        ("snooze 明天9点", "snooze 明天9点"),
        ("snooze soonish", None),
        ("snooze 2h", "snooze 2h"),
        ("snooze 2027-01-01", None),
        ("assign #returns", "assign #returns"),
        ("assign", None),
        ("note asked for a photo", "note asked for a photo"),
        ("note", None),
        ("escalate", "escalate"),
        ("resolve", "resolve"),
        ("resolve it", None),
        ("reply hello", None),
        ("block", None),
    ],
)
def test_an_act_is_taken_in_only_if_it_will_be_understood(said: str, kept: str | None) -> None:
    assert act(said) == kept


def test_what_a_file_does_not_speak_of_stays_and_what_it_leaves_empty_goes() -> None:
    sheet, words = (
        b"id,name,folder,acts,text_fr\nx,X,,,Salut",
        b"- id: x\n  name: X\n  folder:\n  acts: []\n  texts: {fr: Salut}",
    )
    for kind, data in ((Kind.CSV, sheet), (Kind.YAML, words)):
        (entry,), problems = read(data, kind)
        assert problems == []
        assert entry.silent == {"owner", "kinds", "shops", "reviewed_on", "review_by", "archived"}


# What is wrong


def test_every_problem_of_a_file_is_told_by_its_line_and_the_other_macros_are_read() -> None:
    text = f"""\
{YAML}
- name: size
  id: UPPER
  foldr: Before
  kinds: chat, phone
  acts: [fly away]
  review_by: 05/01/2027
  archived: maybe
  keywords:
    th: [ไซซ์]
  texts:
    en: ""
    en: again
    de: Hallo {{buyer.nmae}}
    fr: Salut {{buyer.name
    ja: only letters
    xx: x
  signed_off:
    de: Ploy
- nothing
- name: Fine
  texts: {{es: "¡Hola!"}}
"""
    entries, problems = read(text.encode(), Kind.YAML)
    assert [entry.name for entry in entries] == ["Size", "Fine"]
    assert [(problem.line, problem.what) for problem in problems] == [
        (4, "'no' is no language"),
        (8, "the macro in line 1 has the name 'size', too"),
        (9, "'UPPER' is no id"),
        (10, "there is no 'foldr'"),
        (11, "'phone' is no kind of ticket"),
        (12, "'fly away' is nothing a macro can do"),
        (13, "'05/01/2027' is no date"),
        (14, "archived is 'maybe'"),
        (16, "keywords in th without a text in it"),
        (18, "an empty text (text in en)"),
        (19, "'en' stands here twice"),
        (20, "nothing is known as buyer.nmae (text in de)"),
        (21, "a brace is opened and not closed (text in fr)"),
        (22, "not one letter of its language (text in ja)"),
        (23, "'xx' is no language"),
        (25, "signed off by nobody"),
        (26, "a macro is written as keys and values"),
    ]
    assert "Did you mean 'folder'?" in {problem.remedy for problem in problems}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("- name: [", 1, "this is not YAML"),
        ("- name: x\n  name: y\n  texts: {en: hi}", 2, "'name' stands here twice"),
        ("name: x", 1, "the file is no list of macros"),
        ("- name: &a [*a]", 1, "here should stand plain words"),
        ("- name: !!python/object/apply:os.system [ls]", 1, "here should stand plain words"),
        ("- name: x\n  texts: {en: 'a\x07b'}", 2, "there is a sign nobody can see (U+0007)"),
        ("- {a: 1}\n---\n- {b: 2}", 2, "this is not YAML: but found another document"),
        ("[" * 800, 1, "this is nested too deep"),
        ("", 1, "there is no macro in this file"),
        ("# only a remark\n", 1, "there is no macro in this file"),
    ],
)
def test_yaml_nobody_can_take_apart_is_told_where(text: str, line: int, what: str) -> None:
    assert any(problem[0] == line and problem[1].startswith(what) for problem in told(text, Kind.YAML))


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        ("name,text_en\n=HYPERLINK(1),hi", 2, "a spreadsheet computes a cell that begins like '=HYPERLINK(1)'"),
        ("name,text_en\nx,+1 free", 2, "a spreadsheet computes a cell that begins like '+1 free'"),
        ("name,text_en\nx,@you", 2, "a spreadsheet computes a cell that begins like '@you'"),
        ('name,text_en\n"a\nb",hi\nx,#NAME?', 4, "a spreadsheet could not compute a cell (#NAME?)"),
        ('name,text_en\nx,"never closed', 2, "the row that begins here is no CSV: unexpected end of data"),
        ("name,text_en\nx,hi,there", 2, "there are more cells than columns"),
        ("name,text_en,Text EN\nx,hi,ho", 1, "the column 'Text EN' is there twice"),
        ("title,text_en\nx,hi", 1, "there is no 'title'"),
        ("title,text_en\nx,hi", 1, "there is no column 'name'"),
        ("name,text\nx,hi", 1, "there is no 'text'"),
        ("name,text_vn\nx,hi", 1, "'vn' is no language"),
        ("name,text_th\nx,??????", 2, "not one letter of its language (text in th)"),
        ("name,text_en\nx,caf\ufffd", 2, "there is a sign nobody can see or read in text en"),
        ("name,text_en\n\x1b[2Jx,hi", 2, "there is a sign nobody can see or read in name"),
        ("name,text_en\nx", 2, "a macro has no text"),
        ("name,text_en\n,hi", 2, "a macro has no name"),
        (f"name,text_en\nx,{'y' * 2001}", 2, "2,001 characters (text in en)"),
        (f"name,text_en\nx,{'👋' * 1001}", 2, "2,002 characters (text in en)"),
        (f"name,text_en\n{'n' * 76},x", 2, "the name has 76 characters"),
        ("", 1, "there is no macro in this file"),
    ],
)
def test_what_is_wrong_in_a_sheet_is_told_where(rows: str, line: int, what: str) -> None:
    assert (line, what) in told(rows, Kind.CSV)


@pytest.mark.parametrize("kind", Kind)
def test_another_encoding_is_told_by_the_first_line_that_shows_it(kind: Kind) -> None:
    remedy = 'Save the file as UTF-8; in Excel choose "CSV UTF-8" when saving.'
    broken = Problem(2, "this line is not written in UTF-8", remedy)
    assert read("name,text_th\nx,สวัสดี".encode("tis-620"), kind) == ([], [broken])
    assert read(b"name\n\x00", kind) == ([], [broken])


def test_a_formula_with_an_apostrophe_is_words() -> None:
    (entry,), problems = read(b"name,text_en\nx,'=1+1 is two", Kind.CSV)
    assert (problems, entry.texts["en"]) == ([], "=1+1 is two")
