"""What an agent writes in Slack is what the buyer reads: the words, and nothing that belongs to the team."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.slack.plaintext import emoji_of, to_plain


def rich(*elements: dict[str, Any], text: str = "") -> dict[str, Any]:
    return {"type": "message", "text": text, "blocks": [{"type": "rich_text", "block_id": "b", "elements": elements}]}


def section(*pieces: dict[str, Any] | str) -> dict[str, Any]:
    elements = [{"type": "text", "text": piece} if isinstance(piece, str) else piece for piece in pieces]
    return {"type": "rich_text_section", "elements": elements}


def bullet(*items: str, style: str = "bullet", **more: int) -> dict[str, Any]:
    return {"type": "rich_text_list", "style": style, "elements": [section(item) for item in items], **more}


USER = {"type": "user", "user_id": "U2"}

MARKUP = [
    ("Hi &lt;b&gt; &amp; co", "Hi <b> & co"),
    ("&amp;lt; stays an entity the agent typed", "&lt; stays an entity the agent typed"),
    ("*Bold*, _it_, ~gone~ and `code *as is*`", "Bold, it, gone and code *as is*"),
    ("*_both_* and _snake_case_ too", "both and snake_case too"),
    ("order_id 5 * 3 * 2 a_b_c", "order_id 5 * 3 * 2 a_b_c"),
    ("```\na &lt;b&gt;\n  c\n```", "a <b>\n  c"),
    ("&gt; a quote\nan answer", "a quote\nan answer"),
    ("one\n\ntwo", "one\n\ntwo"),
    ("• first\n• second", "• first\n• second"),
    ("<https://example.com/a_b_c>", "https://example.com/a_b_c"),
    ("<https://example.com|example.com>", "example.com"),
    ("<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2"),
    ("<https://example.com/r|our policy>", "our policy (https://example.com/r)"),
    ("<mailto:help@example.com|help@example.com>", "help@example.com"),
    ("<tel:+4420|+4420>", "+4420"),
    ("<!date^1731000000^{time}|17:20>", "17:20"),
    ("“Smart” — it’s kept", "“Smart” — it’s kept"),
    ("On its way :truck: :+1::skin-tone-2:", "On its way 🚚 👍🏻"),
    ("at 12:30:45 or 10:100:1 or a:b:c", "at 12:30:45 or 10:100:1 or a:b:c"),
    (":flag-gb: :man-woman-girl: :male-office-worker: :simple_smile:", "🇬🇧 👨‍👩‍👧 👨‍💼 🙂"),
]


@pytest.mark.parametrize(("markup", "words"), MARKUP)
def test_markup_becomes_plain_words(markup: str, words: str) -> None:
    read = to_plain({"text": markup})
    assert read.text == words
    assert (read.mentions, read.mentions_team, read.left_out) == ((), False, ())


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("Hi <@U2|noor>, thanks", "Hi, thanks"),
        ("<@U2> thanks", "thanks"),
        ("<@U2>, thanks", "thanks"),
        ("thanks <@U2>!", "thanks!"),
        ("<@U2>\nfirst\nsecond", "first\nsecond"),
        ("<@U2>", ""),
    ],
)
def test_a_mention_leaves_no_trace_in_the_words(markup: str, words: str) -> None:
    read = to_plain({"text": markup})
    assert (read.text, read.mentions) == (words, ("U2",))


@pytest.mark.parametrize("signal", ["<!here>", "<!channel|channel>", "<!subteam^S1|@tts-oncall>", "<#C1|support>"])
def test_a_group_or_a_channel_counts_as_the_team(signal: str) -> None:
    read = to_plain({"text": f"look {signal} please"})
    assert (read.text, read.mentions_team) == ("look please", True)


@pytest.mark.parametrize(
    "link",
    [
        "<https://acme.slack.com/archives/C1/p1731000000000100|the thread>",
        "<https://acme.slack.com/archives/C1/p1731000000000100?thread_ts=1.2&amp;cid=C1>",
        "<https://app.slack.com/client/T1/C1>",
        "https://acme.enterprise.slack.com/files/U1/F1/a.png",
        "acme.slack.com/archives/C1/p1",
        "`https://acme.slack.com/archives/C1`",
        "<https://example.com|acme.slack.com/archives/C1>",
    ],
)
def test_a_link_into_slack_never_leaves(link: str) -> None:
    read = to_plain({"text": f"see {link}, ok"})
    assert "slack.com" not in read.text
    assert read.text.startswith("see")
    assert read.text.endswith(", ok")
    assert len(read.left_out) == 1


def test_other_addresses_that_merely_look_like_slack_stay() -> None:
    text = "https://slack.com.example.org/x and notslack.com/y and me@slack.com"
    assert to_plain({"text": text}).text == text


def test_rich_text_is_preferred_to_the_markup_beside_it() -> None:
    message = rich(section("Hi ", USER, " & ", {"type": "link", "url": "https://x.y"}), text="Hi <@U2> &amp; ...")
    read = to_plain(message)
    assert read.text == "Hi & https://x.y"
    assert read.mentions == ("U2",)


def test_styles_go_and_letters_stay() -> None:
    bold = {"type": "text", "text": "really", "style": {"bold": True}}
    code = {"type": "text", "text": "<@U9> *x* &amp; :smile:", "style": {"code": True}}
    assert to_plain(rich(section(bold, " ", code))).text == "really <@U9> *x* &amp; :smile:"


def test_lists_quotes_and_code_start_on_their_own_lines() -> None:
    message = rich(
        section("You can:\n"),
        bullet("send it back", "keep it"),
        bullet("for free", indent=1),
        bullet("third", style="ordered", offset=2),
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "your words"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "A  B\nC"}]},
        section("Thanks"),
    )
    assert to_plain(message).text == (
        "You can:\n• send it back\n• keep it\n  • for free\n3. third\nyour words\nA  B\nC\nThanks"
    )


def test_emoji_of_rich_text_carry_their_characters() -> None:
    read = to_plain(
        rich(
            section(
                {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fb", "skin_tone": 2},
                {"type": "emoji", "name": "wave", "skin_tone": 5},
                {"type": "emoji", "name": "thumbsup::skin-tone-6"},
                {"type": "emoji", "name": "truck"},
            )
        )
    )
    assert read.text == "👍🏻👋🏾👍🏿🚚"


def test_emoji_only_this_workspace_has_are_left_out() -> None:
    read = to_plain(rich(section("Shipped ", {"type": "emoji", "name": "parrot_party"}, " today")))
    assert (read.text, read.left_out) == ("Shipped today", (":parrot_party:",))
    assert to_plain({"text": "Shipped :parrot_party:."}).text == "Shipped."


def test_everyone_a_channel_and_a_group_in_rich_text() -> None:
    pieces: list[dict[str, Any]] = [
        {"type": "broadcast", "range": "here"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"},
    ]
    for piece in pieces:
        read = to_plain(rich(section("look ", piece)))
        assert (read.text, read.mentions_team, read.mentions) == ("look", True, ())


def test_an_edit_is_read_from_the_message_inside() -> None:
    edit = {"type": "message", "subtype": "message_changed", "message": {"text": "new *words*"}, "previous_message": {}}
    assert to_plain(edit).text == "new words"


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": ""}, {"text": "", "blocks": []}, rich(), rich({})])
def test_a_message_without_words_is_empty(message: dict[str, Any]) -> None:
    assert to_plain(message).text == ""


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("white_check_mark", "✅"),
        ("heart", "❤️"),
        ("one", "1️⃣"),
        ("flag-england", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("woman-woman-girl-boy", "👩‍👩‍👧‍👦"),
        ("face_palm", "🤦"),
        ("woman-shrugging", "🤷‍♀️"),
        ("skin-tone-3", None),
        ("nobody_knows_this", None),
    ],
)
def test_short_names(name: str, characters: str | None) -> None:
    assert emoji_of(name) == characters


@given(st.text())
def test_words_escaped_by_slack_come_back_as_typed(typed: str) -> None:
    """Whatever people type inside rich text comes out as it went in, apart from the room around it."""
    typed = typed.replace("\ue000", "").replace("\ue001", "")
    read = to_plain(rich(section(typed)))
    assert read.text == typed.strip() or read.left_out


@given(st.text(alphabet="<>@!#|&;:*_~` \nUabS^slack.com/https"))
def test_no_markup_makes_the_reader_stumble(markup: str) -> None:
    assert "\ue000" not in to_plain({"text": markup}).text
