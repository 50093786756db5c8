"""Which parts of an app's message would ping, link or unfurl."""

from typing import Any

import pytest

from tests.sandbox.slack.conftest import Scene

Json = dict[str, Any]


def section(text: str, **more: Any) -> list[Json]:
    """Return one section with markup."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}]


RICH: list[Json] = [
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "@here <!channel> https://x.y"},
                    {"type": "broadcast", "range": "here"},
                ],
            }
        ],
    }
]


@pytest.mark.parametrize(
    ("said", "alive"),
    [
        ({"text": "<!channel> look"}, [("broadcast", "channel")]),
        ({"text": "&lt;!channel&gt; look @here"}, []),
        ({"text": "@here look", "link_names": True}, [("broadcast", "here")]),
        ({"text": "<@U0LI> and <#C1|x> and <!subteam^S1>"}, [("person", "U0LI"), ("channel", "C1"), ("group", "S1")]),
        ({"text": "due <!date^1^{time}|soon>"}, []),
        ({"text": "<https://x.y|here>"}, [("link", "https://x.y")]),
        ({"text": "see https://x.y"}, [("url", "https://x.y")]),
        ({"text": "see https://x.y", "unfurl_links": None}, [("url", "https://x.y"), ("unfurl", "https://x.y")]),
        ({"text": "x", "blocks": section("@channel")}, [("broadcast", "channel")]),
        ({"text": "x", "blocks": section("@channel https://x.y", verbatim=True)}, []),
        ({"text": "x", "blocks": RICH}, [("broadcast", "here")]),
        ({"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "@here"}}]}, []),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_the_audit_names_what_is_alive(scene: Scene, said: Json, alive: list[tuple[str, str]]) -> None:
    quiet = {"channel": scene.support.id, "unfurl_links": False, "unfurl_media": False}
    await scene.client.api_call("chat.postMessage", json=quiet | said)
    await scene.li.posts(scene.support, "@here people may do as they like")
    assert [(live.kind, live.target) for live in scene.world.mention_audit] == alive


async def test_a_ping_cannot_be_taken_back(scene: Scene) -> None:
    ts = (await scene.client.chat_postMessage(channel=scene.support.id, text="calm"))["ts"]
    await scene.client.chat_update(channel=scene.support.id, ts=ts, text="<!channel>")
    await scene.client.chat_delete(channel=scene.support.id, ts=ts)
    await scene.client.chat_postEphemeral(channel=scene.support.id, user=scene.li.id, text="<@U0NOOR>")
    assert [(live.kind, live.target) for live in scene.world.mention_audit] == [
        ("broadcast", "channel"),
        ("person", "U0NOOR"),
    ]
