"""Li, a lead, changes what is promised, when it counts, who is on call and what mornings tell: by buttons and forms."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from chatops.cards.verbs import button, label
from chatops.catalog import Verb
from chatops.desk import definitions, digests, report_links
from chatops.desk.time_writing import text_of
from chatops.digest.scope import Scope, Window
from chatops.model import definition
from chatops.model import shop as shops
from chatops.model import workspace as workspaces
from chatops.model.definition import Definition, DefinitionKind
from chatops.model.digest import Digest
from chatops.model.form_draft import FormDraft
from chatops.model.shop import Route
from chatops.model.ticket import TicketKind
from chatops.store.transaction import Transaction
from chatops.times import SystemTime
from chatops.ui import Button
from tests.handlers.side import Side, leads
from tests.handlers.slack import desk as slack


async def about_promises(side: Side) -> set[Verb]:
    """Li is a lead: takes a pack, changes its hours and one promise, tried first, and takes the last change back."""
    desk = side.desk
    await desk.store.write(leads, desk.li.id)
    shown = await desk.shows(button(Verb.PROMISES_TAKE, "small-shop"), text="Packs")
    assert (await desk.li.clicks(shown, label(Verb.PROMISES_TAKE))).acked
    await side.clicks_what_says("Its hours are those of", label(Verb.PROMISES_APPLY))
    await desk.li.expects_ephemeral("What is promised")
    hours = await desk.shows(button(Verb.CALENDAR_WRITE, "-/shop hours"), text="Hours")
    assert (await desk.li.clicks(hours, label(Verb.CALENDAR_WRITE))).acked
    week = {"name": "shop hours", "zone": "Berlin", "weekly": "mon 09:00-12:00", "days": ""}
    form = await desk.li.expects_modal()
    await side.is_refused(form, "Not saved yet.", **week, how="try")
    if not isinstance(desk, slack.Desk):
        assert (await desk.li.clicks(hours, label(Verb.CALENDAR_WRITE))).acked
        form = await desk.li.expects_modal()
    await side.submits(form, **week, how="save")
    await desk.li.expects_ephemeral("Europe/Berlin")
    promise = await desk.shows(button(Verb.PROMISE_WRITE, "complaints"), text="Promise")
    assert (await desk.li.clicks(promise, label(Verb.PROMISE_WRITE))).acked
    await side.submits(await desk.li.expects_modal(), text="", place="1", how="save")
    await side.clicks_what_says("What is promised", label(Verb.PROMISES_BACK))
    await desk.said()
    assert [one.name for one in await desk.store.read(_promised)] == ["complaints", "chat"]
    return {Verb.PROMISES_TAKE, Verb.PROMISES_APPLY, Verb.PROMISES_BACK, Verb.PROMISE_WRITE, Verb.CALENDAR_WRITE}


async def about_rotations(side: Side) -> set[Verb]:
    """Li makes a first rotation: wrong first, then tried, saved, and taken back."""
    desk = side.desk
    shown = await desk.shows(button(Verb.ROTA_WRITE, "new/weekly"), text="Rota")
    assert (await desk.li.clicks(shown, label(Verb.ROTA_WRITE))).acked
    form, text = await desk.li.expects_modal(), await desk.store.read(_rotation_of, desk.li.id)
    if isinstance(desk, slack.Desk):  # it stays open
        await side.is_refused(form, "Atlantis", text=text.replace("UTC", "Atlantis"))
        await side.submits(form, text=text)
    else:
        await side.submits(form, text=text.replace("UTC", "Atlantis"))
        await side.clicks_what_says("Atlantis", label(Verb.AGAIN))
        await side.submits(await desk.li.expects_modal(), text=text)
    await side.clicks_what_says("Not in place yet", label(Verb.AGAIN))
    await side.submits(await desk.li.expects_modal(), text=text.replace('"day"', '"night"'))
    await side.clicks_what_says('name = "night"', label(Verb.ROTA_SAVE))
    await side.clicks_what_says("On call now", label(Verb.ROTATIONS_BACK))
    await desk.said()
    assert [one.name for one in await desk.store.read(_rotations)] == ["front"]
    return {Verb.ROTA_WRITE, Verb.ROTA_SAVE, Verb.ROTATIONS_BACK, Verb.AGAIN}


async def about_digests(side: Side) -> set[Verb]:
    """Li plans digests: takes the ready-made one, changes it, has it sent, saves it, takes that back, and asks how."""
    desk = side.desk
    await desk.store.write(_routed)
    shown = await desk.shows(button(Verb.DIGESTS_TAKE, "small-team"), text="Digests")
    assert (await desk.li.clicks(shown, label(Verb.DIGESTS_TAKE))).acked
    await desk.li.expects_ephemeral("every morning")
    change = await desk.shows(button(Verb.DIGEST_WRITE, "every morning"), text="Change")
    assert (await desk.li.clicks(change, label(Verb.DIGEST_WRITE))).acked
    text = await desk.store.read(_digest)
    await side.submits(await desk.li.expects_modal(), text=text.replace("09:00", "10:30"))
    await side.clicks_what_says("Not in place yet", label(Verb.DIGEST_TRY))
    await desk.li.expects_ephemeral("as a direct message")
    again = await desk.shows(await desk.store.read(_saves, desk.li.id), text="Save")
    assert (await desk.li.clicks(again, label(Verb.DIGEST_SAVE))).acked
    await side.clicks_what_says("every morning", label(Verb.DIGESTS_BACK))
    await desk.said()
    assert await desk.store.read(_digest) == text
    explain = await desk.shows(button(Verb.STATS, "volume"), text="How much was written")
    assert (await desk.li.clicks(explain, label(Verb.STATS))).acked
    await desk.li.expects_ephemeral("How is this counted? How much was written")
    saved = {Verb.DIGESTS_TAKE, Verb.DIGEST_WRITE, Verb.DIGEST_TRY, Verb.DIGEST_SAVE, Verb.DIGESTS_BACK}
    number = str(await desk.store.write(_told, desk.li.id, SystemTime().now()))
    both = {Verb.DIGEST_CSV, Verb.DIGEST_JSON}
    handed = await desk.shows(*(button(verb, number) for verb in both), text="A digest")
    for verb in both:
        assert (await desk.li.clicks(handed, label(verb))).acked
        await desk.li.expects_ephemeral("The file comes to you")
    asked = await desk.shows(button(Verb.REPORT_LINK, number), text="A report")
    assert (await desk.li.clicks(asked, label(Verb.REPORT_LINK))).acked
    await desk.li.expects_ephemeral("The link comes to you")
    link = await desk.shows(button(Verb.REPORT_UNLINK, await desk.store.write(_linked, desk.li.id)), text="A link")
    assert (await desk.li.clicks(link, label(Verb.REPORT_UNLINK))).acked
    await desk.li.expects_ephemeral("shows nothing any more")
    lacking = await desk.shows(button(Verb.DIGEST_AGAIN, await desk.store.write(_lacking)), text="It came without")
    assert (await desk.li.clicks(lacking, label(Verb.DIGEST_AGAIN))).acked
    await desk.li.expects_ephemeral("It is sent again")
    return {*saved, *both, Verb.STATS, Verb.REPORT_LINK, Verb.REPORT_UNLINK, Verb.DIGEST_AGAIN}


def _told(tx: Transaction, agent_id: str, now: datetime) -> int:
    """Let a digest of no shop be kept."""
    [home] = workspaces.every(tx)
    window = Window(now - timedelta(days=1), now, ZoneInfo("Asia/Jakarta"))
    return digests.ask(tx, home, agent_id, Scope(home.id, ()), window, ("C01", ""), now).id or 0


def _lacking(tx: Transaction) -> str:
    """Let the last digest lack its picture."""
    [told] = tx.all(Digest, select(Digest).order_by(col(Digest.id).desc()).limit(1))
    tx.update(told, lacks="picture/missing_scope")
    return f"{told.id}/picture"


def _linked(tx: Transaction, agent_id: str) -> str:
    """Let there be a link to the last digest."""
    [told] = tx.all(Digest, select(Digest).order_by(col(Digest.id).desc()).limit(1))
    return str(report_links.made(tx, told, agent_id, "page", SystemTime().now()).number)


def _routed(tx: Transaction) -> None:
    """Let tickets come to a channel."""
    [home], shop = workspaces.every(tx), shops.every(tx)[0]
    tx.insert_ignore(Route(shop_id=shop.id, kind=TicketKind.CHAT, workspace_id=home.id, channel_id="C01", locale="en"))


def _digest(tx: Transaction) -> str:
    [found] = [one for one in definitions.current(tx) if one.kind is DefinitionKind.DIGEST]
    return text_of(found)


def _saves(tx: Transaction, agent_id: str) -> Button:
    [draft] = [one for one in tx.all(FormDraft, select(FormDraft)) if one.verb is Verb.DIGEST_WRITE]
    assert draft.agent_id == agent_id
    return button(Verb.DIGEST_SAVE, f"{draft.key}/{draft.reading}")


def _rotations(tx: Transaction) -> list[Definition]:
    return definition.current(tx, DefinitionKind.ROTATION)


def _rotation_of(tx: Transaction, agent_id: str) -> str:
    [home] = workspaces.every(tx)
    layer = f'{{ members = ["{agent_id}"], start = "2026-01-05T09:00:00" }}'
    return f'name = "day"\nworkspace = "{home.name}"\ntimezone = "UTC"\nlayers = [{layer}]'


def _promised(tx: Transaction) -> list[Definition]:
    return definition.current(tx, DefinitionKind.SERVICE_LEVEL)
