"""What a card looks like in Discord, and what it can never do there, whatever a buyer wrote."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from chatops.errors import NotUnderstood
from chatops.platforms.cutting import clean
from chatops.platforms.discord.forms import paint_form, read_values
from chatops.platforms.discord.paint import Painted, paint, read_press, thread_name, words_in
from chatops.platforms.discord.texts import escape, quoted
from chatops.ui import (
    Button,
    Card,
    Confirm,
    Controls,
    Divider,
    Field,
    Fields,
    Form,
    GroupMention,
    Input,
    Link,
    Mention,
    Menu,
    Moment,
    MomentStyle,
    Option,
    Paragraph,
    Part,
    Picture,
    Press,
    Quote,
    Small,
    Strong,
)
from tests.platforms.any_card import HOSTILE, NOON, cards, forms, ticket_card, words
from tests.platforms.discord.embed_rules import faults, form_faults

TRICKS = [
    "**bold** __line__ *it* _it_ ~~gone~~ ||hidden|| `code` ```block```",
    "# heading\n## two\n-# small\n> quote\n>>> quotes\n- item\n+ item\n* item\n1. first\n  2. second",
    "<t:1795262400:R> </refund:123456789012345678> <#123456789012345678> <id:customize> <a:x:123456789012345678>",
    "[](https://evil.example) [a\nb](https://evil.example) https://x.example/[click here](https://evil.example)",
    "<https://evil.example> https://evil.example/a_b_c discord://x :tada: :skull:",
    "<@123456789012345678> <@!123456789012345678> <@&123456789012345678> @everyone @here @HERE",
    "\\*not escaped\\* \\\\ \\",
]


def message(painted: Painted) -> dict[str, Any]:
    return {"embeds": painted.embeds, "components": painted.components}


def described(*parts: Part) -> str:
    [embed] = paint(Card(summary="s", parts=parts)).embeds
    return str(embed["description"])


def paragraph(*line: Any) -> str:
    return described(Paragraph(tuple(line)))


def seen(markdown: str) -> str:
    """Return what Discord shows of text in which every mark is escaped: the characters behind the backslashes."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def test_a_ticket_card_says_everything_and_discord_takes_it() -> None:
    painted = paint(ticket_card())
    assert faults(message(painted)) == []
    head, below = painted.embeds
    title, paragraph, quote = head["description"].split("\n")
    assert (title, quote) == ("### 🟡 Mia · Where is my parcel?", "> Where is my parcel?")
    assert paragraph.startswith("Where is my parcel?**Where is my parcel?**<t:1795262400:R>")
    assert head["fields"][1] == {"name": "Order", "value": "5761", "inline": True}
    assert head["image"] == {"url": "attachment://picture-1"}
    assert below["description"].startswith("-# Where is my parcel?[Where is my parcel?](<https://shop.example/o?a=1")
    assert {embed["color"] for embed in painted.embeds} == {0xE2B33C}
    assert [row["components"][0]["type"] for row in painted.components] == [2, 3]


def test_parts_keep_their_order_where_one_embed_would_change_it() -> None:
    fields = Fields((Field("Order", ("5761",)),))
    painted = paint(Card(summary="s", parts=(fields, Paragraph(("below the facts",)), Picture("/a.png", ""), fields)))
    assert [sorted(embed) for embed in painted.embeds] == [["fields"], ["description", "image"], ["fields"]]
    assert paint(Card(summary="s", parts=(Divider(), Paragraph(("alone",)), Divider()))).embeds == [
        {"description": "alone"}
    ]


def test_buttons_and_menus_carry_their_press_and_whether_to_ask_first() -> None:
    take, drop, again = paint(ticket_card()).components[0]["components"]
    assert read_press(take["custom_id"]) == (Press("claim", "T1"), False)
    assert read_press(drop["custom_id"]) == (Press("drop", "T1"), True)
    assert (take["style"], drop["style"], again["style"]) == (3, 4, 2)
    [macro] = paint(ticket_card()).components[1]["components"]
    assert read_press(macro["custom_id"], [macro["options"][1]["value"]]) == (Press("macro", "m2"), False)
    with pytest.raises(NotUnderstood):
        read_press(macro["custom_id"])


def test_the_same_press_twice_is_one_button_and_a_long_menu_is_several() -> None:
    twice = Button("Take", Press("claim", "T1"))
    menu = Menu("Answer", "macro", tuple(Option(f"Macro {number}", str(number)) for number in range(60)))
    rows = paint(Card(summary="s", parts=(Controls((twice, twice, menu)),))).components
    assert [len(row["components"]) for row in rows] == [1, 1, 1, 1]
    options = [option["value"] for row in rows[1:] for option in row["components"][0]["options"]]
    assert options == [f"macro:{number}" for number in range(60)]


def test_buttons_of_one_name_are_told_apart_by_the_number_of_their_line() -> None:
    """All buttons stand below all words there: five times the same would not say whom each takes."""
    parts: list[Part] = [Paragraph(("7 wait for an answer",))]
    for name in ("Mia", "Lan", "Sari", "Noi", "Ana", "Bo", "Kim"):
        parts.append(Paragraph((Strong(name),)))
        if name != "Lan":
            parts.append(Controls((Button("Take it", Press("take", name)),)))
    painted = paint(Card(summary="s", parts=(*parts, Controls((Button("How counted", Press("stats", "x")),)))))
    assert faults(message(painted)) == []
    assert described(*parts).split("\n")[1:4] == ["**1\\.** **Mia**", "**Lan**", "**2\\.** **Sari**"]
    rows = [[(one["label"], one["custom_id"]) for one in row["components"]] for row in painted.components]
    assert [label for label, _ in rows[0]] == [f"{number}. Take it" for number in range(1, 6)]
    assert rows[1:] == [[("6. Take it", "take:Kim")], [("How counted", "stats:x")]]


def test_what_stands_below_one_line_has_one_number_and_one_button_alone_has_none() -> None:
    alone = Card(summary="s", parts=(Paragraph(("Mia",)), Controls((Button("Take it", Press("take", "1")),))))
    assert paint(alone).components[0]["components"][0]["label"] == "Take it"
    quoted_above: list[Part] = []
    for ref in "ab":
        quoted_above += [Quote(ref), *(Controls((Button(verb, Press(verb, ref)),)) for verb in ("take", "pass"))]
    painted = paint(Card(summary="s", parts=tuple(quoted_above)))
    assert [one["label"] for one in painted.components[0]["components"]] == ["1. take", "1. pass", "2. take", "2. pass"]
    assert painted.embeds[0]["description"].split("\n") == ["**1\\.**", "> a", "**2\\.**", "> b"]


def test_controls_without_a_place_are_counted() -> None:
    buttons = tuple(Button(f"B{number}", Press("act", str(number))) for number in range(28))
    painted = paint(Card(summary="s", parts=(Paragraph(("Many",)), Controls(buttons))))
    assert faults(message(painted)) == []
    assert painted.embeds[-1]["description"] == "Many\n… (\\+3)".replace("\\", "")


def test_short_facts_stand_side_by_side_and_long_ones_have_the_width() -> None:
    fields = Fields((Field("State", ("Open",)), Field("Note", ("what works in a thread " * 3,))))
    [embed] = paint(Card(summary="s", parts=(fields,))).embeds
    assert [field["inline"] for field in embed["fields"]] == [True, False]


def test_a_press_too_long_to_be_asked_about_is_a_mistake_of_ours() -> None:
    card = Card(summary="s", parts=(Controls((Button("x", Press("a", "b" * 98), confirm=Confirm("", "", "", "")),)),))
    with pytest.raises(ValueError, match="99 characters"):
        paint(card)


@pytest.mark.parametrize("words", [*TRICKS, HOSTILE])
def test_a_buyer_is_quoted_to_the_letter_and_nothing_of_it_is_markup(words: str) -> None:
    shown = described(Quote(words))
    assert_dead(shown)
    cleaned = [line.removeprefix("> ") for line in seen(shown).split("\n")]
    assert "\n".join(cleaned).replace("\u2060", "") == clean(words)


def test_instants_people_and_our_links_come_alive() -> None:
    assert paragraph("until ", Moment(NOON, MomentStyle.DATE_TIME, "x")) == "until <t:1795262400:f>"
    assert paragraph(Moment(NOON, MomentStyle.TIME, ""), Moment(NOON, MomentStyle.AGO, "")) == (
        "<t:1795262400:t><t:1795262400:R>"
    )
    assert paragraph(Mention("80351110224678912"), " look") == "<@80351110224678912> look"
    assert paragraph(GroupMention("80351110224678913"), " look") == "<@&80351110224678913> look"
    assert paragraph(Link("https://x.example/?a=1&b=2", "a]b")) == "[a\\]b](<https://x.example/?a=1&b=2>)"


def test_what_only_pretends_to_be_a_person_or_a_link_stays_words() -> None:
    assert paragraph(Mention("&1"), GroupMention("here")) == "&1here"
    assert paragraph(Mention("everyone> @here")) == "everyone\\> @\u2060here"
    assert paragraph(Link("javascript:alert(1)", "click")) == "click"
    assert paragraph(Link("https://x.example/)[a](https://evil.example", "click")) == "click"


def test_only_whom_a_paragraph_speaks_to_is_addressed() -> None:
    parts = (
        Paragraph((Mention("1"), "this did not reach the buyer", Mention("1"), Mention("everyone"))),
        Fields((Field("Claimed by", (Mention("2"),)),)),
        Quote("<@3> <@&3>"),
        Paragraph((GroupMention("4"), GroupMention("everyone"))),
    )
    painted = paint(Card(summary="s", parts=parts))
    assert (painted.addressed, painted.groups) == (("1",), ("4",))


def test_nothing_comes_alive_where_two_pieces_meet() -> None:
    assert paragraph("@", "everyone") == "@\u2060everyone"
    assert paragraph("7", ". day") == "7\\. day"
    assert paragraph("https:", "//evil.example") == "https\\://evil.example"


def test_bold_words_do_not_melt_into_each_other() -> None:
    assert paragraph(Strong("a*"), Strong("b")) == "**a\\***\u2060**b**"
    assert paragraph(Strong("  "), "x") == "x"


def test_long_words_are_spread_over_embeds_and_nothing_is_missing() -> None:
    words = " ".join(f"word{number}" for number in range(600))
    painted = paint(Card(summary=words, parts=(Quote(words),)))
    assert faults(message(painted)) == []
    lines = [line for embed in painted.embeds for line in embed["description"].split("\n")]
    assert " ".join(line.removeprefix("> ") for line in lines) == words


def test_words_that_do_not_fit_are_shortened_visibly() -> None:
    words = "x" * 20_000
    painted = paint(Card(summary="s", parts=(Quote(words),)), lambda left_out: f"… ({left_out:,} more)")
    assert faults(message(painted)) == []
    shown = "".join(embed["description"].replace("> ", "").replace("\n", "") for embed in painted.embeds)
    kept, _, missing = shown.partition("… \\(" if "\\(" in shown else "… (")
    assert len(kept) + int(missing.split()[0].replace(",", "")) == len(words)
    assert words_in(painted.embeds) > 5_000


def test_too_many_parts_are_cut_visibly() -> None:
    parts: tuple[Part, ...] = tuple(Paragraph(("line " * 40 + str(number),)) for number in range(80))
    painted = paint(Card(summary="s", parts=parts))
    assert faults(message(painted)) == []
    assert re.search(r"… \(\+\d+\)$", painted.embeds[-1]["description"])


def test_pictures_are_named_in_their_order_and_say_what_they_show() -> None:
    parts = (Picture("/media/a.PNG", "A torn parcel"), Picture("/media/b.we bp", ""))
    painted = paint(Card(summary="Two pictures", parts=parts))
    assert [(one.file_id, one.name, one.alt) for one in painted.pictures] == [
        ("/media/a.PNG", "picture-1.png", "A torn parcel"),
        ("/media/b.we bp", "picture-2", "Two pictures"),
    ]
    assert [embed["image"]["url"] for embed in painted.embeds] == [
        "attachment://picture-1.png",
        "attachment://picture-2",
    ]


def test_a_card_of_nothing_but_a_summary_is_shown_too() -> None:
    painted = paint(Card(summary="<Done> *now*", parts=(Controls((Button("Undo", Press("undo", "1")),)),)))
    assert painted.embeds == [{"description": "\\<Done\\> \\*now\\*"}]


@pytest.mark.parametrize("empty", ["", " ", "\n", "\u200b", "\u202e"])
def test_emptiness_never_makes_discord_refuse(empty: str) -> None:
    assert faults(message(paint(ticket_card(empty)))) == []
    assert faults(message(paint(Card(summary=empty, title=empty)))) == []
    assert thread_name(Card(summary=empty)) == "…"


def test_a_thread_is_called_after_its_card_in_one_line() -> None:
    assert thread_name(Card(summary="s", title="Mia\n@everyone")) == "Mia @\u2060everyone"
    assert len(thread_name(ticket_card("n" * 300))) == 100


def test_a_form_asks_and_remembers_what_it_is_about() -> None:
    body = Input("body", "Words", value="draft", hint="Only the team sees it", multiline=True, limit=500)
    form = Form(title="N" * 60, submit="Keep", cancel="Close", press=Press("note", "T1"), inputs=(body,))
    modal = paint_form(form)
    assert form_faults(modal) == []
    assert (modal["title"], read_press(modal["custom_id"])) == ("N" * 44 + "…", (Press("note", "T1"), False))
    [label] = modal["components"]
    assert (label["label"], label["description"]) == ("Words", "Only the team sees it")
    assert label["component"] == {
        "type": 4, "custom_id": "body", "style": 2, "max_length": 500, "required": True, "value": "draft",
    }  # fmt: skip
    with pytest.raises(ValueError, match="one to 5 inputs"):
        paint_form(replace(form, inputs=(body,) * 6))


def test_a_form_shows_what_to_read_and_offers_choices() -> None:
    level = Input(
        "level", "About", value="q", options=(Option("Logistics", "l"), Option("Quality", "q")), optional=True
    )
    parts = (Quote("Where *is* it?"), Small(("in Thai",)), Fields((Field("Shop", ("maomao",)),)), Quote("y" * 9_000))
    press = Press("level", "749/1")
    modal = paint_form(Form(title="L", submit="S", cancel="C", press=press, inputs=(level,), parts=parts))
    assert form_faults(modal) == []
    read, choice = modal["components"]
    assert read["content"].startswith("> Where \\*is\\* it?\n-# in Thai\n**Shop** maomao\n> yyy")
    assert (choice["component"]["options"][1], choice["component"]["required"]) == (
        {"label": "Quality", "value": "q", "default": True}, False,
    )  # fmt: skip


def test_what_was_filled_in_is_read_by_the_inputs_names() -> None:
    choice = {"type": 18, "component": {"type": 3, "custom_id": "level", "values": ["q"]}}
    nothing = {"type": 18, "component": {"type": 3, "custom_id": "team", "values": []}}
    for text in (
        {"type": 1, "components": [{"type": 4, "custom_id": "body", "value": "It broke"}]},
        {"type": 18, "component": {"type": 4, "custom_id": "body", "value": "It broke"}},
    ):
        assert read_values([{"type": 10, "id": 1}, text, choice, nothing]) == {
            "body": "It broke", "level": "q", "team": "",
        }  # fmt: skip


# Properties

ALIVE = re.compile(
    r"[*_~|`<>\[\]#:]"  # any mark without its backslash
    r"|@(?=(?:everyone|here)\b)"
    r"|^[^\S\n]*(?:[-+]|\d+\.)",
    re.IGNORECASE | re.MULTILINE,
)
OURS = re.compile(
    r"<t:\d+:[tfR]>|<@1>|\*\*|^(?:### |-# |> )"
    r"|\[(?:\\.|[^\\\]])*\]\(<https?://[^\s<>()]+>\)|<https?://[^\s<>()]+>",
    re.MULTILINE,
)
UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066\u2067\ufeff\x00-\x08\x7f\ud800-\udfff]")


def assert_dead(markdown: str) -> None:
    """Nothing is markup but what was spelled as a type; nothing is unseen."""
    assert not UNSEEN.search(markdown)
    words = OURS.sub("", re.sub(r"\\[^0-9A-Za-z\s]", "x", markdown))
    assert "\\" not in words
    assert not ALIVE.search(words), ALIVE.search(words)


@settings(max_examples=150)
@given(cards)
def test_no_card_breaks_a_limit_or_comes_alive(card: Card) -> None:
    painted = paint(card)
    assert faults(message(painted)) == []
    assert painted.addressed == ()
    for embed in painted.embeds:
        assert_dead(embed.get("description", ""))
        for field in embed.get("fields", ()):
            assert_dead(field["name"])
            assert_dead(field["value"])
    for row in painted.components:
        assert not re.search(r"@(?:everyone|here)\b", str(row), re.IGNORECASE)


@given(words)
def test_escaped_words_are_read_as_they_were_written(text: str) -> None:
    assert_dead(quoted(text))
    assert seen(escape(text)).replace("\u2060", "") == clean(text)


@settings(max_examples=60)
@given(forms)
def test_no_form_breaks_a_limit_or_comes_alive(form: Form) -> None:
    modal = paint_form(form)
    assert form_faults(modal) == []
    for component in modal["components"]:
        assert_dead(component.get("content", ""))
