"""Carrier of a digest's numbers as a file, for the one who asked."""

from pathlib import Path
from tempfile import TemporaryDirectory

from chatops import drawing
from chatops.cards import digest as cards
from chatops.cards.digest_asking import whose as whose_of
from chatops.cards.report import report
from chatops.delivery.hand import Hand, Result, Tools
from chatops.digest import export, kept, picture
from chatops.digest.section import Chart
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import digest as digests
from chatops.model.agent import Role
from chatops.model.digest import Digest
from chatops.platforms.ports import PersonRef, Upload
from chatops.rules.asked_time import Form
from chatops.store.transaction import Transaction

ENDINGS = {Form.REPORT: "html"}
WRITTEN = {Form.CSV: export.as_csv, Form.JSON: export.as_json}


async def handed(tools: Tools, hand: Hand) -> Result:
    """Send the kept numbers of a digest to somebody as a file."""
    args, form = hand.first.args, Form(hand.first.args["form"])
    person = PersonRef(args["workspace_id"], args["agent_id"])
    digest = await tools.store.read(digests.get, args["digest"])
    if digest is None:
        return Result(hand.first.seq, paced=False)
    chat, key = tools.chat(person.workspace_id), f"{hand.key(hand.first)} {hand.first.created_at.isoformat()}"
    if hand.in_doubt and await chat.find_direct(person, key, hand.first.created_at):
        return Result(hand.first.seq)
    agent = await tools.store.read(agents.get, person.workspace_id, person.agent_id)
    with language((agent.locale if agent else "") or digest.locale):
        card = cards.as_file(digest)
        people = digest.ranked or (agent is not None and agent.standing in (Role.LEAD, Role.OWNER))
        text = WRITTEN[form](digest, people=people) if form in WRITTEN else await _report(tools, digest)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name_of(digest, form)
        path.write_text(text, encoding="utf-8", newline="")
        hand.before_call()
        await chat.share_direct(person, Upload(path, path.name, card.summary), card, key)
    return Result(hand.first.seq)


async def _report(tools: Tools, digest: Digest) -> str:
    """Return the page for owners, with the picture on both grounds if pictures can be drawn here."""
    whose, charts = await tools.store.read(_drawn_of, digest)
    both = None
    if drawing.possible() and picture.chosen(charts):
        title = cards.titled(digest)
        async with tools.drawing:
            both = (await picture.drawn(charts, title=title), await picture.drawn(charts, title=title, dark=True))
    return report(digest, whose, both, picture.alt(charts))


def _drawn_of(tx: Transaction, digest: Digest) -> tuple[str, list[Chart]]:
    reading = kept.reading_of(digest)
    charts = [chart for one in kept.shown(digest) for chart in one.section.charts(one.facts, reading)]
    return whose_of(tx, kept.scope_of(digest)), charts


def name_of(digest: Digest, form: Form) -> str:
    """Return what the file is called: by its days."""
    days = [day.date.isoformat() for day in kept.window_of(digest).days()]
    return f"digest-{'-to-'.join(dict.fromkeys((days[0], days[-1])))}.{ENDINGS.get(form, form.value)}"
