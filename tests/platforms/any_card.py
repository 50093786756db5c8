"""Cards of every shape, with the words a buyer may write to do harm, for whoever paints them."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

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
    Line,
    Link,
    Mention,
    Menu,
    Moment,
    MomentStyle,
    Option,
    Paragraph,
    Picture,
    Press,
    Quote,
    Small,
    Strong,
    Tone,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOSTILE = (
    "<!channel> <!here|x> <@U0VICTIM> <#C1> <!subteam^S1> <https://evil.example|bank> @here @Channel @everyone "
    "https://evil.example *bold* _it_ ~s~ `code` ```pre``` > quote\n> more :tada: &amp; \u202egnp.exe\u202c "
    "@\u200bhere a\u200db \x00\x07 \ud800 \U000e0041\U000e0042"
)


def ticket_card(words: str = "Where is my parcel?") -> Card:
    return Card(
        summary=f"Mia asks: {words}",
        title=f"Mia · {words}",
        tone=Tone.WARN,
        parts=(
            Paragraph(
                (
                    words,
                    Strong(words),
                    Moment(NOON, MomentStyle.AGO, words),
                    Mention("U1"),
                    GroupMention("S0OURS"),
                    " end",
                )
            ),
            Quote(words),
            Fields((Field(words, (words, Strong(words))), Field("Order", ("5761",)))),
            Picture("F0123ABCD", words),
            Divider(),
            Small((words, Link("https://shop.example/o?a=1&b=2", words))),
            Controls(
                (
                    Button("Take", Press("claim", "T1"), Tone.GOOD),
                    Button(words, Press("drop", "T1"), Tone.BAD, Confirm(words, words, words, words)),
                    Button("Take it again", Press("claim", "T2")),
                    Menu(words, "macro", (Option(words, "m1"), Option("Refund", "m2"))),
                )
            ),
        ),
    )


words = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="<>@!#|&;:*_~`^/. \nhereUC1evrychanl\u202e\u200b\u2060\ud800", max_size=80),
    st.sampled_from([HOSTILE, "<!here>", "<@U1>", "@everyone", "&lt;!here&gt;", "x" * 5000, "👩‍👩‍👧" * 1500]),
)
inlines = st.one_of(
    words,
    words.map(Strong),
    words.map(lambda said: Moment(NOON, MomentStyle.TIME, said)),
    st.builds(Link, url=words, label=words),
)
lines: st.SearchStrategy[Line] = st.lists(inlines, max_size=4).map(tuple)
refs = st.text(alphabet="abc123", min_size=1, max_size=20)
controls = st.one_of(
    st.builds(Button, words, st.builds(Press, st.just("act"), refs), st.sampled_from(Tone), st.none()),
    st.builds(Menu, words, st.just("pick"), st.lists(st.builds(Option, words, refs), max_size=3).map(tuple)),
)
parts = st.one_of(
    lines.map(Paragraph),
    lines.map(Small),
    words.map(Quote),
    st.lists(st.builds(Field, words, lines), max_size=12).map(lambda fields: Fields(tuple(fields))),
    st.lists(controls, max_size=30).map(lambda several: Controls(tuple(several))),
    st.just(Divider()),
    words.map(lambda alt: Picture("F0123ABCD", alt)),
)
cards = st.builds(
    Card,
    summary=words,
    title=words,
    tone=st.sampled_from(Tone),
    parts=st.lists(parts, max_size=8).map(tuple),
)
fields = st.one_of(
    st.builds(Input, st.just("name"), words, words, words, st.booleans(), st.booleans(), st.integers(1, 5000)),
    st.builds(
        Input,
        st.just("name"),
        words,
        refs,
        optional=st.booleans(),
        options=st.lists(st.builds(Option, words, refs), min_size=1, max_size=30).map(tuple),
    ),
)
forms = st.builds(
    Form,
    title=words,
    submit=words,
    cancel=words,
    press=st.builds(Press, st.just("act"), refs),
    inputs=st.lists(fields, min_size=1, max_size=4).map(
        lambda several: tuple(replace(one, name=f"{one.name}{number}") for number, one in enumerate(several))
    ),
    parts=st.lists(parts, max_size=8).map(tuple),
)
