"""What goes to and fro for commands, buttons and forms fits Discord's published description, where it is at hand."""

from collections.abc import AsyncIterator, Iterator

import pytest

from chatops.sandbox.discord.server import Happening
from tests.sandbox.discord.gateway_desk import Desk, desk_of
from tests.sandbox.discord.test_interactions import Panel, with_commands, with_panel
from tests.sandbox.discord.test_openapi import BASE, Json, description, faults_of, judged

SCHEMAS = {
    "MESSAGE_CREATE": "MessageResponse", "MESSAGE_UPDATE": "MessageResponse", "THREAD_CREATE": "ThreadResponse",
    "THREAD_UPDATE": "ThreadResponse",
}  # fmt: skip


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running server."""
    async with desk_of() as desk:
        yield desk


async def everything(desk: Desk) -> None:
    """Let people and a bot do all that they can do with each other."""
    _, panel = await with_panel(desk)
    for button in ("Claim", "Whisper", "Slow"):
        await desk.li.clicks(panel, button)
    await desk.li.clicks(panel, "Level", "High")
    await desk.li.clicks(panel, "Note")
    await desk.li.submits(await desk.li.expects_modal(), {"subject": "late"})
    (await with_commands(desk)).add_view(Panel())
    desk.world.carrier.interactions_to = "one"
    post = await desk.noor.opens_post(desk.world.create_forum("tickets"), "Parcel", "Where?")
    await desk.li.runs(post, "/macro refund")
    await desk.li.runs(post, "/desk status")
    await desk.li.asks_options(post, "/macro", "name", "ref")
    await desk.li.uses("Send to buyer", post.id)
    await desk.li.uses("On call?", desk.noor)
    await desk.noor.archives(post)
    done = await desk.li.clicks(panel, "Done")
    address = f"{desk.world.api_url}/webhooks/{desk.app.id}/{done.token}"
    for method, path in (("GET", "/messages/@original"), ("PATCH", "/messages/@original"), ("POST", "?wait=true")):
        said = None if method == "GET" else {"content": "more"}
        async with desk.web.request(method, address + path, json=said) as answer:
            assert answer.status == 200
    async with desk.web.delete(f"{address}/messages/@original") as answer:
        assert answer.status == 204


def heard(spec: Json, happening: Happening) -> Iterator[str]:
    """Return what is wrong with the objects inside something that was heard."""
    objects = {SCHEMAS[happening.name]: happening.data} if happening.name in SCHEMAS else {}
    if happening.name == "INTERACTION_CREATE":
        objects["GuildMemberResponse"] = happening.data["member"]
        if "message" in happening.data:
            objects["MessageResponse"] = happening.data["message"]
    for schema, shown in objects.items():
        yield from faults_of(spec, {"$ref": f"#/components/schemas/{schema}"}, shown)


async def test_every_exchange_about_interactions_is_as_described(desk: Desk) -> None:
    await everything(desk)
    spec = description()
    exchanges = [request for request in desk.world.requests if request.path.startswith(BASE)]
    assert {"interactions.callback", "followups.create", "followups.edit", "commands.put"} <= {
        request.name for request in exchanges
    }
    wrong = {f"{request.name} {fault}" for request in exchanges if spec["paths"] for fault in judged(spec, request)}
    wrong |= {
        f"{happening.name} {fault}"
        for happening in desk.world.happenings
        if spec["paths"]
        for fault in heard(spec, happening)
    }
    assert sorted(wrong) == []
