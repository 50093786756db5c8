"""Another subject is another file: once it lies with the others, plans, posts, files and questions know it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from chatops.cards import digest as cards
from chatops.cards.digest_asking import in_words
from chatops.catalog import Verb
from chatops.desk import definitions, digests
from chatops.desk.definitions import Defined
from chatops.desk.definitions_toml import parse
from chatops.digest import export, kept, sections
from chatops.i18n import language
from chatops.model.definition import DefinitionKind
from chatops.model.digest import Digest
from chatops.model.ticket import Ticket, TicketKind
from chatops.rules.plan import DigestPlan
from chatops.ui import Tone
from tests.desk.scenes import NOON, SUPPORT, BuyerThere, Desk, Teammate
from tests.desk.test_asking import answer
from tests.digest.test_carrying import DAY, counted, found

PLAN = {"name": "morning", "workspace": "team", "channel": SUPPORT, "timezone": "UTC", "sections": ["comments"]}


@pytest.fixture
def comments(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The section of `another/comments.py` lies with the others."""
    monkeypatch.setattr(sections, "__path__", [*sections.__path__, str(Path(__file__).parent / "another")])
    sections.every.cache_clear()
    yield
    sections.every.cache_clear()
    sys.modules.pop(f"{sections.__name__}.comments", None)


@pytest.mark.usefixtures("comments")
def test_a_section_about_another_kind_of_ticket_is_one_file(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    assert parse({DefinitionKind.DIGEST: [PLAN]}, ["team"])
    mia.says("Is it waterproof?")
    desk.tx.execute(update(Ticket).values(kind=TicketKind.COMMENT))
    spec = DigestPlan("team", SUPPORT, "UTC", sections=("comments",))
    definitions.define(desk.tx, Defined(DefinitionKind.DIGEST, "morning", spec), None, NOON)
    assert digests.due(desk.tx, NOON + DAY) == 1
    digest = counted(desk, found(desk))
    with language("en"):
        assert "1 comments" in str(cards.below(desk.tx, digest))
        assert cards.headline(digest) == "1 comments."
        [one] = kept.shown(digest)
        assert [chart.essence for chart in one.section.charts(one.facts, kept.reading_of(digest))] == ["1 comments"]
        assert "Comments begun then." in str(answer(desk, Verb.STATS, "comments").parts)
        assert "comments.all" in str(answer(desk, Verb.STATS).parts)
        volume = {"conversations": 2, "messages": 3, "hours": [3]}
        quiet = Digest(
            **digest.model_dump(exclude={"numbers", "sections"}),
            numbers={"volume": volume},
            sections=["volume", "comments"],
        )
        assert cards.headline(quiet) == "2 conversations. No comments."
        assert cards.head(digest, desk.now).tone is Tone.BAD
        empty = Digest(**digest.model_dump(exclude={"numbers"}), numbers={})
        assert cards.headline(empty) == "No comments."
    assert "comments,figure,all,1," in export.as_csv(digest)
    assert "comments,figure,worth,12.5,GBP," in export.as_csv(digest)
    assert [name for name, *_ in kept.figures(digest)] == ["comments.all", "comments.worth"]
    with language("en"):
        [worth] = [in_words(figure, facts) for name, figure, facts in kept.figures(digest) if name == "comments.worth"]
    assert worth == "£12.50"
