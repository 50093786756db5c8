"""What a card looks like in Slack, and what it can never do there, whatever a buyer wrote."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops.platforms.cutting import clean, safe_cut, split
from chatops.platforms.ports import ThreadRef
from chatops.platforms.slack.forms import paint_form, read_place, read_values, wrong
from chatops.platforms.slack.paint import paint
from chatops.platforms.slack.texts import mrkdwn
from chatops.ui import (
    Card,
    Form,
    GroupMention,
    Input,
    Link,
    Mention,
    Moment,
    MomentStyle,
    Option,
    Paragraph,
    Part,
    Press,
    Quote,
    Strong,
)
from tests.platforms.any_card import HOSTILE, NOON, cards, forms, ticket_card
from tests.platforms.slack.block_rules import faults, view_faults


def markup_of(blocks: list[dict[str, Any]]) -> list[str]:
    """Return every text that Slack parses."""
    found: list[str] = []
    for block in blocks:
        texts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        for text in texts:
            if isinstance(text, dict) and text.get("type") == "mrkdwn":
                assert text["verbatim"] is True
                found.append(text["text"])
    return found


def paragraph(*line: Any) -> str:
    _, blocks = paint(Card(summary="s", parts=(Paragraph(tuple(line)),)))
    return str(blocks[0]["text"]["text"])


def test_a_ticket_card_says_everything_and_slack_takes_it() -> None:
    text, blocks = paint(ticket_card())
    assert faults(text, blocks) == []
    assert text == "Mia asks: Where is my parcel?"
    assert [block["type"] for block in blocks] == [
        "header", "section", "rich_text", "section", "image", "divider", "context", "actions",
    ]  # fmt: skip
    assert blocks[0]["text"]["text"] == "🟡 Mia · Where is my parcel?"
    assert blocks[3]["fields"][1] == {"type": "mrkdwn", "text": "*Order*\n5761", "verbatim": True}
    assert blocks[4]["slack_file"] == {"id": "F0123ABCD"}


def test_buttons_and_menus_carry_their_press() -> None:
    _, blocks = paint(ticket_card())
    take, drop, again, macro = blocks[-1]["elements"]
    assert [element["action_id"] for element in (take, drop, again, macro)] == [
        "claim:0",
        "drop:0",
        "claim:1",
        "macro:0",
    ]
    assert Press.decode(take["value"]) == Press("claim", "T1")
    assert (take["style"], drop["style"], "style" in again) == ("primary", "danger", False)
    assert Press.decode(macro["options"][1]["value"]) == Press("macro", "m2")


def test_a_buyer_is_quoted_to_the_letter_in_a_place_slack_never_parses() -> None:
    words = "*not bold* <b> & :tada: 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 می‌خواهم\n> second line"
    _, blocks = paint(Card(summary="s", parts=(Quote(words),)))
    [block] = blocks
    assert block["elements"] == [{"type": "rich_text_quote", "elements": [{"type": "text", "text": words}]}]


def test_instants_people_and_our_links_come_alive() -> None:
    until = Moment(NOON, MomentStyle.DATE_TIME, "21 Nov | 12:00")
    assert paragraph("until ", until) == "until <!date^1795262400^{date_short_pretty} {time}|21 Nov / 12:00>"
    assert paragraph(Moment(NOON, MomentStyle.TIME, "")) == "<!date^1795262400^{time}|2026-11-21 12:00 UTC>"
    assert paragraph(Mention("U0NOOR"), ": look") == "<@U0NOOR>: look"
    assert paragraph(GroupMention("S0NIGHT"), ": look") == "<!subteam^S0NIGHT>: look"
    assert paragraph(Link("https://x.example/?a=1&b=2", "a|b<c>")) == "<https://x.example/?a=1&amp;b=2|a/b&lt;c&gt;>"


def test_what_only_pretends_to_be_a_person_or_a_link_stays_words() -> None:
    assert paragraph(Mention("!channel")) == "!channel"
    assert paragraph(GroupMention("here"), GroupMention("S1> <!here")) == "hereS1&gt; &lt;!here"
    assert paragraph(Mention("U1> <!here")) == "U1&gt; &lt;!here"
    assert paragraph(Link("javascript:alert(1)", "click")) == "click"
    assert paragraph(Link("https://x.example|<!here>", "click")) == "click"


def test_bold_words_stand_out_where_words_are_not_spaced() -> None:
    assert paragraph("订单", Strong("57*61"), "已发货") == "订单\u200b*57∗61*\u200b已发货"
    assert paragraph("Order ", Strong("5761"), ".") == "Order *5761*."


def test_a_name_too_long_for_a_line_is_cut_not_dropped() -> None:
    line = paragraph(Strong("<" * 5_000), " wrote")
    assert line.startswith("*&lt;&lt;")
    kept = line.count("&lt;")
    assert line.endswith(f"*… (+{5_000 - kept + len(' wrote'):,})")
    assert len(line) <= 3_000


def test_formatting_marks_in_a_name_are_only_characters() -> None:
    assert paragraph("*boss*") == "\u2060*boss*"
    assert paragraph("> quote") == "\u2060&gt; quote"
    assert paragraph("maomao_gb_2") == "maomao_gb_2"


def test_hostile_words_cannot_ping_link_or_format() -> None:
    text, blocks = paint(ticket_card(HOSTILE))
    assert faults(text, blocks) == []
    assert_dead(text, blocks)


def test_a_form_asks_and_remembers_what_it_is_about() -> None:
    press, place = Press("note", "T1"), ThreadRef("T0TEAM", "C0SUPPORT", "1763800000.000100")
    body = Input("body", "Words", value="draft", hint="Only the team sees it", multiline=True, limit=500)
    level = Input("level", "About", value="q", options=(Option("Logistics", "l"), Option("Quality", "q")))
    above = (Quote("Where is it?"), Paragraph(("Will be sent in Thai.",)))
    form = Form(title="N" * 30, submit="Keep", cancel="Close", press=press, inputs=(body, level), parts=above)
    view = paint_form(form, place)
    assert view_faults(view) == []
    assert view["title"]["text"] == "N" * 23 + "…"
    assert (Press.decode(view["callback_id"]), read_place(view, "T0TEAM")) == (press, place)
    assert read_place(paint_form(form), "T0TEAM") is None
    quote, said, text, choice = view["blocks"]
    assert (quote["type"], said["text"]["text"]) == ("rich_text", "Will be sent in Thai.")
    assert (text["block_id"], text["element"]["initial_value"]) == ("body", "draft")
    assert text["element"]["max_length"] == 500
    assert choice["element"]["initial_option"]["text"]["text"] == "Quality"
    assert wrong(view, "Say more.") == {"response_action": "errors", "errors": {"body": "Say more."}}
    assert wrong(view, "Choose one.", "level")["errors"] == {"level": "Choose one."}
    assert wrong(view, "Of another form.", "zone")["errors"] == {"body": "Of another form."}


def test_what_was_filled_in_is_read_by_the_inputs_names() -> None:
    chosen = {"type": "static_select", "selected_option": {"text": {}, "value": "q"}}
    nothing = {"type": "static_select", "selected_option": None}
    state = {
        "body": {"body": {"type": "plain_text_input", "value": "It broke"}},
        "more": {"more": {"type": "plain_text_input", "value": None}},
        "level": {"level": chosen},
        "team": {"team": nothing},
    }
    given = read_values({"state": {"values": state}})
    assert given == {"body": "It broke", "more": "", "level": "q", "team": ""}


def test_long_words_are_split_and_nothing_is_missing() -> None:
    words = " ".join(f"word{number}" for number in range(1000))
    _, blocks = paint(Card(summary=words, parts=(Quote(words),)))
    pieces = [block["elements"][0]["elements"][0]["text"] for block in blocks]
    assert len(pieces) > 1
    assert " ".join(pieces) == words


def test_words_that_do_not_fit_are_shortened_visibly() -> None:
    words = "x" * 20_000
    card = Card(summary=words, parts=(Quote(words),))
    text, blocks = paint(card, lambda left_out: f"… (+{left_out:,} characters)")
    assert faults(text, blocks) == []
    assert text.endswith(" characters)")
    shown = "".join(block["elements"][0]["elements"][0]["text"] for block in blocks)
    kept, _, missing = shown.partition("… (+")
    assert len(kept) + int(missing.split()[0].replace(",", "")) == len(words)


def test_too_many_parts_are_cut_visibly() -> None:
    parts: tuple[Part, ...] = tuple(Paragraph((f"line {number}",)) for number in range(80))
    text, blocks = paint(Card(summary="s", parts=parts))
    assert faults(text, blocks) == []
    assert blocks[-1]["elements"][0]["text"] == "… (+31)"


def test_the_buttons_stay_however_long_the_names_are() -> None:
    text, blocks = paint(ticket_card("n" * 9_000))
    assert faults(text, blocks) == []
    assert blocks[-1]["type"] == "actions"


def test_a_card_of_nothing_but_a_summary_is_shown_too() -> None:
    text, blocks = paint(Card(summary="<Done> *now*"))
    assert faults(text, blocks) == []
    assert blocks[0]["text"]["text"] == "<Done> *now*"


@pytest.mark.parametrize("empty", ["", " ", "\n", "\u200b", "\u202e"])
def test_emptiness_never_makes_slack_refuse(empty: str) -> None:
    text, blocks = paint(ticket_card(empty))
    assert faults(text, blocks) == []
    assert faults(*paint(Card(summary=empty, title=empty))) == []


def test_cutting_does_not_tear_characters_apart() -> None:
    family = "👩‍👩‍👧"
    for limit in range(3, 12):
        assert safe_cut(family * 2, limit) % len(family) == 0 or limit < len(family)
    assert split("aaa bbb ccc", 7) == ["aaa bbb", "ccc"]


# Properties

LIVE = re.compile(r"<(?!!date\^\d+\^)([^<>]*)>")
OUR_LINK = re.compile(r"https?://")
BROADCAST = re.compile(r"@(?:here|channel|everyone)\b", re.IGNORECASE)
UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066\u2067\ufeff\x00-\x08\x7f\ud800-\udfff]")


def assert_dead(text: str, blocks: list[dict[str, Any]]) -> None:
    """Nothing pings or links but what was spelled as a type."""
    assert not LIVE.search(text)
    assert not re.search(r"https?://", text)
    for markup in markup_of(blocks):
        for target in LIVE.findall(markup):
            assert target in ("@U1", "!subteam^S0OURS") or OUR_LINK.match(target), target
    for piece in (text, str(blocks)):
        assert not BROADCAST.search(piece)
        assert not UNSEEN.search(piece)


@settings(max_examples=150)
@given(cards)
def test_no_card_breaks_a_limit_or_comes_alive(card: Card) -> None:
    text, blocks = paint(card)
    assert faults(text, blocks) == []
    assert_dead(text, blocks)


@settings(max_examples=60)
@given(forms)
def test_no_form_breaks_a_limit_or_comes_alive(form: Form) -> None:
    view = paint_form(form)
    assert view_faults(view) == []
    assert_dead(form.press.verb, [block for block in view["blocks"] if block["type"] != "input"])


@given(st.text(alphabet="\u2067\u2068\u2069\n\u202eab\u05d0"))
def test_what_is_isolated_ends_in_its_line(text: str) -> None:
    for line in clean(text).split("\n"):
        depth = 0
        for sign in line:
            depth += (sign == "\u2068") - (sign == "\u2069")
            assert depth >= 0
        assert depth == 0


def test_names_and_times_do_not_rearrange_an_arabic_line() -> None:
    line = ("تجيب ", Mention("U1"), " منذ ", Strong("TikTok Shop"), " ", Strong("متأخر"))
    assert mrkdwn(line, 300) == "تجيب \u2068<@U1>\u2069 منذ *\u2068TikTok Shop\u2069* *متأخر*"
    assert "\u2068" not in mrkdwn(("Claimed by ", Mention("U1"), " for ", Strong("Mia")), 300)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
