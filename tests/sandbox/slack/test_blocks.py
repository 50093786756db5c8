"""Block Kit's limits."""

from typing import Any

import pytest

from chatops.sandbox.slack.blocks import check_blocks, check_view, finish_blocks, two_tables

Json = dict[str, Any]


def plain(text: str) -> Json:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> Json:
    """Return a button."""
    return {"type": "button", "text": plain("Go"), "action_id": "go"} | more


def actions(*elements: Json, **more: Any) -> Json:
    """Return a row of elements."""
    return {"type": "actions", "elements": list(elements)} | more


def menu(count: int, **option: Any) -> Json:
    """Return a select with this many options."""
    options = [{"text": plain(f"{n}"), "value": f"{n}"} | option for n in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": options}


GOOD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}, "accessory": button()},
    {"type": "section", "fields": [plain("x" * 2000)] * 10},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
    actions(*[button(action_id=f"a{n}") for n in range(25)]),
    actions(menu(100)),
    {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "a chart"},
    {"type": "divider"},
    {"type": "markdown", "text": "# week"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 20] * 100},
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: block["type"])
def test_slack_takes_blocks_up_to_their_limits(block: Json) -> None:
    assert check_blocks([block]) == []


@pytest.mark.parametrize(
    ("block", "place"),
    [
        ({"type": "section", "text": plain("x" * 3001)}, "/blocks/0/text/text"),
        ({"type": "section", "text": plain("")}, "/blocks/0/text/text"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "section", "fields": [plain("x")] * 11}, "/blocks/0/fields"),
        ({"type": "section", "text": plain("x"), "colour": "red"}, "/blocks/0"),
        ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "/blocks/0/text"),
        ({"type": "context", "elements": [plain("x")] * 11}, "/blocks/0/elements"),
        (actions(*[button(action_id=f"a{n}") for n in range(26)]), "/blocks/0/elements"),
        (actions(button(), button()), "/blocks/0/elements"),
        (actions(button(text=plain("x" * 76))), "/blocks/0/elements/0/text/text"),
        (actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
        (actions(button(style="green")), "/blocks/0/elements/0/style"),
        (actions(menu(101)), "/blocks/0/elements/0/options"),
        (actions(menu(1, value="x" * 151)), "/blocks/0/elements/0/options/0/value"),
        (actions(block_id="x" * 256), "/blocks/0/block_id"),
        ({"type": "image", "image_url": "https://x.y"}, "/blocks/0"),
        ({"type": "poster"}, "/blocks/0/type"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_slack_names_the_place_of_what_it_refuses(block: Json, place: str) -> None:
    assert f"[json-pointer:{place}]" in "".join(check_blocks([block]))


def test_a_message_has_fifty_blocks_one_table_and_distinct_block_ids() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    assert check_blocks([{"type": "divider"}] * 50) == []
    assert check_blocks([{"type": "divider"}] * 51) == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    assert (two_tables([table]), two_tables([table, table])) == (False, True)
    assert "already exists" in check_blocks([{"type": "divider", "block_id": "b"}] * 2)[0]


def view(**more: Any) -> Json:
    """Return a modal without content."""
    return {"type": "modal", "title": plain("T"), "blocks": []} | more


def test_a_form_needs_a_title_and_with_inputs_a_submit_button() -> None:
    typed = {"type": "input", "label": plain("L"), "element": {"type": "plain_text_input", "action_id": "a"}}
    assert check_view(view(blocks=[typed], submit=plain("Send"))) == []
    assert "submit is required" in check_view(view(blocks=[typed]))[0]
    assert "missing required field: title" in check_view(view(title=None))[0]
    assert "less than 25" in check_view(view(title=plain("x" * 25)))[0]
    assert "less than 3001" in check_view(view(private_metadata="x" * 3001))[0]
    assert check_view(view(blocks=[{"type": "divider"}] * 100)) == []
    assert "no more than 100" in check_view(view(blocks=[{"type": "divider"}] * 101))[0]


def test_stored_blocks_have_ids_and_short_emoji_names() -> None:
    given = [actions({"type": "button", "text": plain("✅ Done")})]
    stored = finish_blocks(given)
    assert stored[0]["block_id"]
    assert stored[0]["elements"][0]["action_id"]
    assert stored[0]["elements"][0]["text"] == {"type": "plain_text", "text": ":white_check_mark: Done", "emoji": True}
    assert "block_id" not in given[0]
