"""Every exchange fits Discord's published description of its interface, where that file is at hand."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import jsonschema

from chatops.sandbox.discord import messages, threads
from chatops.sandbox.discord.permissions import FOR_CHATOPS
from chatops.sandbox.discord.rest.server import Request
from tests.sandbox.discord.conftest import Desk

Json = dict[str, Any]
SPEC = Path(__file__).parents[4] / "shared" / "specs" / "discord-openapi-v10.json"
BASE = "/api/v10"
# What the description types more strictly than the real interface: it takes numbers for ids, and the codes beside
# fields are words.
TOO_STRICT = re.compile(r"\.(recipient_id|channel_id|message_id|guild_id|id): \d+ is not|_errors.*\.code: ")


def description() -> Json:
    """Return Discord's description, or one that describes nothing where the file is absent."""
    known: Json = json.loads(SPEC.read_text(encoding="utf-8")) if SPEC.is_file() else {"paths": {}}
    return known


async def everything(desk: Desk) -> None:
    """Let a bot do all that it can do."""
    channel, forum = await desk.text_channel(), await desk.forum()
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Take", custom_id="take"))
    view.add_item(discord.ui.Select(custom_id="menu", options=[discord.SelectOption(label="a", value="a")]))
    embed = discord.Embed(title="Ticket 1", description="x", url="https://shop.example/1", colour=0x00FF00)
    embed.set_footer(text="f").set_author(name="Mia").add_field(name="n", value="v", inline=True)
    embed.set_image(url="attachment://a.png")
    said = await channel.send(f"<@{desk.li.id}>", embed=embed, view=view, file=_picture())
    await said.edit(content="changed", attachments=[])
    await (await said.reply("answer")).delete()
    await said.add_reaction("✅")
    [reaction] = (await said.fetch()).reactions
    assert [who.id async for who in reaction.users()] == [int(desk.app.id)]
    thread = await said.create_thread(name="Mia")
    await thread.send("inside")
    await thread.edit(archived=True)
    await thread.send("again")
    await thread.join()
    created = await forum.create_thread(name="Mia", content="Ticket 2", applied_tags=list(forum.available_tags)[:1])
    await created.thread.edit(name="Mia (solved)", archived=True)
    assert len([found async for found in forum.archived_threads()]) == 1
    assert len([found async for found in channel.history(limit=5)]) == 1
    layout = discord.ui.LayoutView()
    layout.add_item(discord.ui.Container(discord.ui.TextDisplay("# hi"), discord.ui.Separator()))
    await channel.send(view=layout)
    async with channel.typing():
        pass
    await desk.client.application_info()
    await _look_around(desk, channel)


async def _look_around(desk: Desk, channel: discord.TextChannel) -> None:
    guild = await desk.client.fetch_guild(int(desk.server.id), with_counts=False)
    await guild.fetch_roles()
    await guild.fetch_channels()
    await guild.fetch_member(int(desk.li.id))
    await (await desk.client.fetch_user(int(desk.noor.id))).send("hello")
    keeper = desk.world.install_app("keeper", permissions=FOR_CHATOPS | 1 << 51 | 1 << 29)
    pins = f"/channels/{channel.id}/messages/pins"
    said = messages.post(desk.server, desk.support, desk.li, "Remember")
    await desk.asks("PUT", f"{pins}/{said.id}", keeper.token)
    hooks = f"/channels/{channel.id}/webhooks"
    hook = (await desk.asks("POST", hooks, keeper.token, json={"name": "Buyers"})).body
    await desk.asks("GET", hooks, keeper.token)
    by_hook = discord.Webhook.partial(int(hook["id"]), hook["token"], client=desk.client)
    spoken = await by_hook.send("hi", username="Mia", wait=True)
    await (await spoken.edit(content="hello")).delete()
    private = threads.open_bare(desk.server, desk.support, desk.app.bot, "private", type=12)
    for path in (pins, f"/guilds/{guild.id}/threads/active", "/gateway/bot", "/gateway",
                 f"/guilds/{guild.id}/members/search?query=li", f"/channels/{private.id}/thread-members"):  # fmt: skip
        await desk.asks("GET", path)
    await desk.says({"content": "x" * 2001})
    await desk.says({"content": "x"}, private)
    await desk.asks("DELETE", f"/channels/{private.id}")


def _picture() -> discord.File:

    return discord.File(io.BytesIO(b"\x89PNG\r\n\x1a\n"), "a.png")


def operation(spec: Json, request: Request) -> Json:
    """Return the description of what was asked."""
    path = request.path.removeprefix(BASE)
    fitting = [known for known in spec["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)]
    literal = min(fitting, key=lambda known: known.count("{"))
    found: Json = spec["paths"][literal][request.method.lower()]
    return found


def faults_of(spec: Json, schema: Json, shown: Any) -> Iterator[str]:
    """Return what the description has against a value."""
    whole = {"components": spec["components"]} | schema
    for error in jsonschema.Draft202012Validator(whole).iter_errors(shown):
        best = jsonschema.exceptions.best_match([error])
        assert best is not None
        yield f"{best.json_path}: {best.message[:200]}"


def judged(spec: Json, request: Request) -> Iterator[str]:
    """Return what is wrong with one exchange."""
    known = operation(spec, request)
    answers = known["responses"]
    if request.status >= 400:
        schema = {"$ref": "#/components/schemas/ErrorResponse"}
    else:
        assert str(request.status) in answers, f"{request.name}: {request.status}"
        schema = answers[str(request.status)].get("content", {}).get("application/json", {}).get("schema", {})
    if schema:
        yield from faults_of(spec, schema, request.answer)
    if request.body and request.status < 400:
        asked = known["requestBody"]["content"]["application/json"]["schema"]
        yield from faults_of(spec, asked, request.body)


async def test_every_exchange_is_as_described(desk: Desk) -> None:
    await everything(desk)
    spec = description()
    exchanges = [request for request in desk.world.requests if request.path.startswith(BASE)]
    assert len({request.name for request in exchanges}) > 25
    wrong = {
        f"{request.name} {fault}"
        for request in exchanges
        if spec["paths"]
        for fault in judged(spec, request)
        if not TOO_STRICT.search(fault)
    }
    assert sorted(wrong) == []


HEARD = {
    "MESSAGE_CREATE": "MessageResponse",
    "MESSAGE_UPDATE": "MessageResponse",
    "THREAD_CREATE": "ThreadResponse",
    "THREAD_UPDATE": "ThreadResponse",
}


async def test_what_bots_hear_has_the_shape_of_what_they_read(desk: Desk) -> None:
    await everything(desk)
    spec = description()
    heard = [happening for happening in desk.world.happenings if happening.name in HEARD]
    assert {happening.name for happening in heard} == HEARD.keys()
    wrong = {
        f"{happening.name} {fault}"
        for happening in heard
        if spec["paths"]
        for fault in faults_of(spec, {"$ref": f"#/components/schemas/{HEARD[happening.name]}"}, happening.data)
        if not TOO_STRICT.search(fault)
    }
    assert sorted(wrong) == []
