"""What an agent writes in Discord is what the buyer reads: the words, and nothing that belongs to the team."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops.catalog import Verb, by_words
from handlers.discord.plaintext import to_plain

LI, NOOR, BOT = "9001", "9002", "9000"

MARKDOWN = [
    ("**Bold**, *it*, _it_, ~~gone~~, __under__ and ||hidden||", "Bold, it, it, gone, under and hidden"),
    ("***both*** and __*two **three***__", "both and two three"),
    ("`code *as is*` and ``a `tick` in it``", "code *as is* and a `tick` in it"),
    ("snake_case_name, order 5 * 3 * 2, 2 | 3, ~5 days", "snake_case_name, order 5 * 3 * 2, 2 | 3, ~5 days"),
    ("an **open end, a *stray star", "an **open end, a *stray star"),
    (r"\*as typed\* ¯\\\_(ツ)\_/¯ \`no code\`", r"*as typed* ¯\_(ツ)_/¯ `no code`"),
    (r"C:\path and 1\2", r"C:\path and 1\2"),
    ("# Your order\n## Shipping\n### Costs\n-# without tax", "Your order\nShipping\nCosts\nwithout tax"),
    ("#1 of our list, -#no", "#1 of our list, -#no"),
    ("> a quote\nan answer", "a quote\nan answer"),
    (">>> all\nof this", "all\nof this"),
    ("5 > 3 and >no quote", "5 > 3 and >no quote"),
    (
        "You can:\n- send it *back*\n  - for free\n* keep it\n1. or",
        "You can:\n• send it back\n  • for free\n• keep it\n1. or",
    ),
    ("```\n# A  B\n- *C*\n```", "# A  B\n- *C*"),
    ("```py\nprint(1)\n```", "print(1)"),
    ("Use this:```ABC-123```at the till", "Use this:\nABC-123\nat the till"),
    ("one\n\ntwo", "one\n\ntwo"),
    ("https://example.com/a_b_c, **https://example.com/a__b**", "https://example.com/a_b_c, https://example.com/a__b"),
    ("<https://example.com/?a=1&b=2>", "https://example.com/?a=1&b=2"),
    ("[our policy](https://example.com/r_(new) 'Returns')", "our policy (https://example.com/r_(new))"),
    ("[our **policy**](<https://example.com/r>)", "our policy (https://example.com/r)"),
    ("[example.com](https://example.com/)", "example.com"),
    ("[no link](example.com) [x] (y)", "[no link](example.com) [x] (y)"),
    ("<help@example.com> or <+44 20 1234>", "help@example.com or +44 20 1234"),
    ("<3 you & <b>me</b> &amp;", "<3 you & <b>me</b> &amp;"),
    ("by <t:1731000000> or <t:1731000000:R>", "by 2024-11-07 17:20 UTC or 2024-11-07 17:20 UTC"),
    ("On its way 🚚👍🏻 :truck: at 12:30:45", "On its way 🚚👍🏻 :truck: at 12:30:45"),
    ("🎉", "🎉"),
    ("“Smart” — it’s kept", "“Smart” — it’s kept"),
]


def said(content: str, **more: Any) -> dict[str, Any]:
    return {"id": "1", "type": 0, "content": content, "author": {"id": LI, "username": "li"}, "mentions": [], **more}


@pytest.mark.parametrize(("markdown", "words"), MARKDOWN)
def test_markdown_becomes_plain_words(markdown: str, words: str) -> None:
    read = to_plain(said(markdown))
    assert read.text == words
    assert (read.mentions, read.mentions_team, read.left_out) == ((), False, ())


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Hi <@9002>, thanks", "Hi, thanks"),
        ("<@!9002> thanks", "thanks"),
        ("**<@9002>**, thanks", "thanks"),
        ("thanks <@9002>!", "thanks!"),
        ("- <@9002>, thanks\n- bye", "• thanks\n• bye"),
        ("<@9002>\nfirst\nsecond", "first\nsecond"),
        (r"\<@9002>", ""),
    ],
)
def test_a_mention_leaves_no_trace_in_the_words(markdown: str, words: str) -> None:
    read = to_plain(said(markdown))
    assert (read.text, read.mentions) == (words, (NOOR,))


@pytest.mark.parametrize(
    "signal",
    ["@everyone", "@here", "@Here", r"\@here", "<@&77>", "<#88>", "<id:customize>", "</note:99>", "</desk help:99>"],
)
def test_a_role_a_channel_or_a_command_counts_as_the_team(signal: str) -> None:
    read = to_plain(said(f"look {signal} please"))
    assert (read.text, read.mentions_team) == ("look please", True)


def test_an_address_that_holds_the_word_here_stays() -> None:
    read = to_plain(said("write to returns@here.example or @hereford"))
    assert (read.text, read.mentions_team) == ("write to returns@here.example or @hereford", False)


def test_whom_a_message_notifies_is_mentioned_also_when_its_words_do_not_name_them() -> None:
    assert to_plain(said("ok", mentions=[{"id": NOOR}, {"id": LI}])).mentions == (NOOR,)
    assert to_plain(said("ok", mention_everyone=True)).mentions_team
    assert to_plain(said("ok", mention_roles=["77"])).mentions_team


def test_an_answer_to_a_colleague_is_talk_with_that_colleague() -> None:
    reference = {"type": 0, "message_id": "2"}
    noor, own, bot = {"id": NOOR}, {"id": LI}, {"id": BOT, "bot": True}

    def answering(author: dict[str, Any], **more: Any) -> tuple[str, ...]:
        answered = {"id": "2", "author": author, **more}
        return to_plain(said("yes", type=19, message_reference=reference, referenced_message=answered)).mentions

    assert answering(noor) == (NOOR,)
    assert answering(own) == ()
    assert answering(bot) == ()
    assert answering({"id": "9003"}, webhook_id="9003") == ()
    deleted = said("yes", type=19, message_reference=reference, referenced_message=None)
    assert to_plain(deleted).mentions == ()


def test_what_is_forwarded_is_for_the_team() -> None:
    assert to_plain(said("", message_reference={"type": 1, "message_id": "2"})).mentions_team
    assert to_plain(said("he is a fraud", message_snapshots=[{"message": {"content": "x"}}])).mentions_team


@pytest.mark.parametrize(
    "link",
    [
        "https://discord.com/channels/1/2/3",
        "https://ptb.discord.com/channels/1/2",
        "https://canary.discord.com/channels/1/2?x=(1)",
        "HTTPS://DISCORD.COM/channels/1/2",
        "https://discordapp.com/channels/1/2",
        "https://discord.gg/abc_d_e",
        "discord.gg/abc",
        "www.discord.com/invite/abc",
        "//discord.com/channels/1/2",
        "discord://-/channels/1/2",
        "https://cdn.discordapp.com/attachments/1/2/box.png?ex=6&is=5&hm=4",
        "https://media.discordapp.net/attachments/1/2/box.png",
        "https://safelinks.example/?url=https%3A%2F%2Fdiscord.com%2Fchannels%2F1",
        "https://li@discord.com/channels/1",
        "<https://discord.com/channels/1/2>",
        "[the thread](https://discord.com/channels/1/2)",
        "[discord.com/channels/1/2](https://discord.com/channels/1/2)",
        "`https://discord.com/channels/1/2`",
        "**https://discord.com/channels/1/2**",
        "||discord.com/channels/1_2_3||",
    ],
)
def test_a_link_into_discord_never_leaves(link: str) -> None:
    read = to_plain(said(f"see {link}, ok"))
    assert "discord" not in read.text.lower()
    assert read.text.startswith("see")
    assert read.text.endswith(", ok")
    assert len(read.left_out) == 1


def test_words_that_follow_a_link_without_a_space_stay() -> None:
    read = to_plain(said("请看https://discord.com/channels/1/2。谢谢"))
    assert (read.text, read.left_out) == ("请看 。谢谢", ("https://discord.com/channels/1/2",))


@pytest.mark.parametrize(
    "address",
    [
        "https://discord.com.example.org/x",
        "https://mydiscord.com/x",
        "https://my-discord.gg/x",
        "https://shop.example/discord.com-guide",
        "https://shop.example/discord.com/faq",
        "me@discord.com",
    ],
)
def test_other_addresses_that_merely_look_like_discord_stay(address: str) -> None:
    assert to_plain(said(f"see {address}")).text == f"see {address}"


def test_what_only_this_server_has_is_left_out_by_its_name() -> None:
    read = to_plain(said("Shipped <:parrot:1> today <a:wave_hi:2>."))
    assert (read.text, read.left_out) == ("Shipped today.", (":parrot:", ":wave_hi:"))
    read = to_plain(said("", sticker_items=[{"id": "5", "name": "Thumbs up", "format_type": 1}]))
    assert (read.text, read.left_out) == ("", ("Thumbs up",))
    poll = {"question": {"text": "Refund him?"}, "answers": []}
    assert to_plain(said("", poll=poll)).left_out == ("Refund him?",)
    assert to_plain(said("at <t:9999999999999>")).left_out == ("<t:9999999999999>",)


def test_code_is_kept_as_it_is_but_for_what_is_the_teams() -> None:
    read = to_plain(said("`<@9002> *x* @here <:parrot:1> <t:1:R>`"))
    assert read.text == "*x* <t:1:R>"
    assert (read.mentions, read.mentions_team) == ((), False)
    assert set(read.left_out) == {"<@9002>", "@here", "<:parrot:1>"}


@pytest.mark.parametrize("message", [{}, {"content": None}, said(""), said("****"), said("\ue000\ue001")])
def test_a_message_without_words_tells_of_nobody(message: dict[str, Any]) -> None:
    read = to_plain(message)
    assert read.text in {"", "****"}
    assert (read.mentions, read.mentions_team, read.left_out) == ((), False, ())


WHOLE = ["{}", "`{}`", "``{}``", "```{}```", "```\n{}\n```", "```txt\n{}```"]
AROUND = ["**{}**", "*{}*", "_{}_", "__{}__", "~~{}~~", "||{}||", "** **{}"]
BEFORE = ["{}", "<:parrot:1> {}", "<@9002>: {}", "[{}](https://x.example)"]
AT_LINE_START = ["> {}", ">>> {}", "# {}", "### {}", "-# {}", "- {}", "* {}", "1. {}"]


@given(
    st.sampled_from(["// he is a fraud", "note: he is a fraud", "／／ he is a fraud"]),
    st.sampled_from(WHOLE),
    st.lists(st.sampled_from(AROUND), max_size=4, unique=True),
    st.sampled_from(BEFORE),
    st.lists(st.sampled_from(AT_LINE_START), max_size=4),
)
def test_a_note_stays_a_note_whatever_is_put_around_it(
    note: str, whole: str, around: list[str], before: str, at_line_start: list[str]
) -> None:
    for form in [whole, *around, before, *at_line_start]:
        note = form.format(note)
    assert by_words(to_plain(said(note)).text)[0].verb == Verb.NOTE


@pytest.mark.parametrize(
    "note",
    [
        r"\// he is a fraud",
        r"/\/ he is a fraud",
        r"note\: he is a fraud",
        "`//` he is a fraud",
        "**note**: he is a fraud",
    ],
)
def test_a_note_stays_a_note_when_its_first_signs_stand_apart(note: str) -> None:
    assert by_words(to_plain(said(note)).text)[0].verb == Verb.NOTE


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"])))
def test_words_without_signs_come_out_as_they_went_in(typed: str) -> None:
    assert to_plain(said(typed)).text == typed.strip()


FRAGMENTS = [
    "<@9002>", "<@!9002>", "<@&7>", "<#8>", "<:a:1>", "<a:b:2>", "<id:guide>", "</note:9>", "<sound:1:2>", "<t:1:R>",
    "@everyone", "@here", "<", ">", "@", "9", ":", "/", "\\", "`", "```", "*", "**", "_", "__", "~~", "||", "[", "](",
    ")", '"', "\n", " ", "> ", "# ", "- ", "a", ".", ",", "谢", "\ue000", "https://", "discord.com", "discord.gg/",
    "discord", ".com/channels/1", "discord://", "cdn.discordapp.com/", "x.example/",
]  # fmt: skip
THE_TEAMS = re.compile(
    r"<(?:@[!&]?|\#|a?:\w+:)\d+>|(?<!\w)@(?:everyone|here)\b|discord://\w"
    r"|://(?:[\w.-]*@)?(?:[\w-]+\.)*discord(?:app)?\.(?:com|gg|net)(?:/|\s|$)"
    r"|(?<![\w.@/-])discord\.(?:com|gg)/",
    re.ASCII,
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_nothing_of_the_teams_leaves_however_it_is_pieced_together(content: str) -> None:
    text = to_plain(said(content)).text
    assert THE_TEAMS.search(text) is None
    assert "\ue000" not in text


@given(st.text())
def test_no_text_makes_the_reader_stumble(content: str) -> None:
    read = to_plain(said(content))
    assert "\ue000" not in read.text


MANY = 40_000
HOSTILE = [
    "`", "`` ", "```\\", "\n```a\n", "*a ", "_a", "**", "||a", "[", "[a](", "[a](https://x.example (",
    '[a](https://x "', "<", "<@1>", "<@1> .", "</a:1", "<a@", "https://", "https://discord.gg", "discord.com", "a.",
    "-", "@here.a", "> ", "\n> ", "- ", "\\", "\n", " ", "\n \t", "\ue000",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_text_is_read_at_once(piece: str) -> None:
    """Were every sign a place to begin looking, these would take minutes, and nothing else would happen meanwhile."""
    read = to_plain(said(f"first {piece * (MANY // len(piece))} last"))
    assert read.text.startswith("first")
    assert read.text.endswith("last") or read.left_out
