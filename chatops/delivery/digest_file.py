"""Carrier of a digest's numbers: as a file for somebody or below its head, or by a link to the page for owners."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import structlog

from chatops import drawing
from chatops.cards import digest as cards
from chatops.cards import report_link as link_cards
from chatops.cards.digest_asking import whose as whose_of
from chatops.cards.report import report
from chatops.delivery import into_direct
from chatops.delivery.digests import key_of, may_stand, stood_since
from chatops.delivery.drawn import drawn
from chatops.delivery.hand import Hand, Result, Tools
from chatops.desk import report_links
from chatops.digest import export, kept, picture
from chatops.i18n import language
from chatops.model import agent as agents
from chatops.model import digest as digests
from chatops.model import setting
from chatops.model.agent import Role
from chatops.model.digest import Digest
from chatops.platforms.ports import PersonRef, ThreadRef, Upload
from chatops.rules.asked_time import Form
from chatops.store.transaction import Transaction

log = structlog.get_logger(__name__)
ENDINGS = {Form.REPORT: "html"}
WRITTEN = {Form.CSV: export.as_csv, Form.JSON: export.as_json}


class For(NamedTuple):
    """To whom numbers are handed, or below which head (a person without an id), and under which key."""

    digest: Digest
    person: PersonRef
    leads: bool
    locale: str
    key: str

    @property
    def thread(self) -> ThreadRef:
        """The thread below the digest."""
        digest = self.digest
        return ThreadRef(digest.workspace_id, digest.channel_id, digest.thread_id or digest.head_id)


async def handed(tools: Tools, hand: Hand) -> Result:
    """Hand over the kept numbers of a digest, once."""
    whom, form = await tools.store.read(_whom, hand), Form(hand.first.args["form"])
    if whom is None:
        return Result(hand.first.seq, paced=False)
    if not (may_stand(hand) and await _stands(tools, hand, whom)):
        with language(whom.locale):
            await (_link(tools, hand, whom) if form is Form.LINK else _file(tools, hand, whom, form))
    return Result(hand.first.seq)


def _whom(tx: Transaction, hand: Hand) -> For | None:
    args = hand.first.args
    digest = digests.get(tx, args["digest"])
    if digest is None:
        return None
    agent = agents.get(tx, args["workspace_id"], args["agent_id"]) if args["agent_id"] else None
    leads = not args["agent_id"] or (agent is not None and agent.standing in (Role.LEAD, Role.OWNER))
    person = into_direct.known(tx, args["workspace_id"], args["agent_id"])
    return For(digest, person, leads, (agent.locale if agent else "") or digest.locale, key_of(hand))


async def _stands(tools: Tools, hand: Hand, whom: For) -> object:
    """Look whether it was handed over already."""
    chat, since = tools.chat(whom.person.workspace_id), stood_since(hand)
    if whom.person.agent_id:
        return await chat.find_direct(whom.person, whom.key, since)
    return await chat.find(whom.thread, whom.key, since)


async def _file(tools: Tools, hand: Hand, whom: For, form: Form) -> None:
    digest, chat = whom.digest, tools.chat(whom.person.workspace_id)
    if form is Form.REPORT:
        card = link_cards.handed(digest, await _days(tools) if whom.leads else 0)
        text = await _report(tools, digest)
    else:
        card, text = cards.as_file(digest), WRITTEN[form](digest, people=digest.ranked or whom.leads)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name_of(digest, form)
        path.write_text(text, encoding="utf-8", newline="")
        upload = Upload(path, path.name, card.summary)
        hand.before_call()
        if whom.person.agent_id:
            await chat.share_direct(whom.person, upload, card, whom.key)
        else:
            await chat.share(whom.thread, upload, card, whom.key)


async def _link(tools: Tools, hand: Hand, whom: For) -> None:
    """Write to a lead the link to a report; nowhere else, now or later, can its secret be read."""
    if days := await _days(tools):
        page, person = await _report(tools, whom.digest), whom.person
        hand.before_call()
        link = await tools.store.write(report_links.made, whom.digest, person.agent_id, page, tools.time.now())
        log.info("report_link_made", digest=whom.digest.id, agent=person.agent_id, link=link.number)
        url = f"{tools.public_url.rstrip('/')}/reports/{link.secret}"
        card = link_cards.address(whom.digest, url, link.number, link.expires_at)
    else:
        card = link_cards.no_address(whom.digest, days)
    hand.before_call()
    await tools.chat(whom.person.workspace_id).direct(whom.person, card, whom.key)


async def _days(tools: Tools) -> int | None:
    """Return how many days a link is good for, 0 where nobody wants any; None: nobody could follow it."""
    return await tools.store.read(setting.value, "report_link_days") if tools.public_url else None


async def _report(tools: Tools, digest: Digest) -> str:
    """Return the page for owners, with the picture on both grounds if pictures can be drawn here."""
    whose, charts = await tools.store.read(_whose, digest), picture.charts_of(digest)
    both = None
    if drawing.possible() and picture.chosen(charts):
        title = cards.titled(digest)
        both = (await drawn(tools, charts, title=title), await drawn(tools, charts, title=title, dark=True))
    return report(digest, whose, both, picture.alt(charts))


def _whose(tx: Transaction, digest: Digest) -> str:
    return whose_of(tx, kept.scope_of(digest))


def name_of(digest: Digest, form: Form) -> str:
    """Return what the file is called: by its days."""
    days = [day.date.isoformat() for day in kept.window_of(digest).days()]
    return f"digest-{'-to-'.join(dict.fromkeys((days[0], days[-1])))}.{ENDINGS.get(form, form.value)}"
