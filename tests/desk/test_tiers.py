"""Buyers in tiers: who puts them there, what is promised then, and where it is seen."""

import pytest
from sqlmodel import select

from chatops.cards.ticket import head
from chatops.catalog import Verb
from chatops.desk import desk_toml, intake, setup
from chatops.desk.definitions import Defined
from chatops.errors import SetupError
from chatops.i18n import language
from chatops.model import conversation as conversations
from chatops.model import shop as shops
from chatops.model.conversation import Buyer
from chatops.model.definition import DefinitionKind
from chatops.model.facts import MarketConversation
from chatops.model.preview import preview
from chatops.model.rulebook import Rulebook, RulebookName
from chatops.model.tier import Tier
from chatops.rules.targets import Match, Metric, ServiceLevel, Target, Urgency
from tests.desk.scenes import SHOP, BuyerThere, Desk, Teammate
from tests.desk.test_clocks import of, promise, told

QUICK = ServiceLevel((Target(Metric.FIRST_RESPONSE, "5m", urgency=Urgency.CHANNEL),), Match(tiers=("VIP",)))
CALM = ServiceLevel((Target(Metric.FIRST_RESPONSE, "1h", urgency=Urgency.CHANNEL),))
RULE = '[[rules]]\nid = "trade"\ntier = "Wholesale"\n[rules.words]\nen = ["pallet"]\n'


@pytest.fixture
def tiers(desk: Desk) -> Desk:
    """A desk with two tiers, one of which is promised more."""
    for position, name in enumerate(("VIP", "Wholesale")):
        desk.tx.insert(Tier(name=name, position=position))
    promise(desk, QUICK, "quick")
    promise(desk, CALM, "calm")
    assert told(desk) == []
    return desk


def minutes(desk: Desk, buyer: BuyerThere) -> int:
    return of(desk, buyer)["first_response"].limit // 60_000


def known(desk: Desk, buyer: BuyerThere) -> Buyer:
    [found] = desk.tx.all(Buyer, select(Buyer).where(Buyer.id == f"im-{buyer.conversation}"))
    return found


def test_a_tier_moves_the_clocks_and_stands_on_the_card(tiers: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    tiers.carry_out()
    assert minutes(tiers, mia) == 60
    li.says("!tier gold", to=mia)
    li.says("!tier", to=mia)
    assert (li.whispers, minutes(tiers, mia)) == (["no_such_choice", "words_needed"], 60)
    li.says("!tier vip", to=mia)
    assert minutes(tiers, mia) == 5
    unlike = (
        Defined(DefinitionKind.SERVICE_LEVEL, "calm", CALM),
        Defined(DefinitionKind.SERVICE_LEVEL, "quick", QUICK),
    )
    assert preview(tiers.tx, unlike[::-1], tiers.now).move == 0
    assert preview(tiers.tx, unlike, tiers.now).move == 1, "what is promised first counts"
    shop = shops.get(tiers.tx, SHOP)
    assert shop is not None
    with language("en"):
        card = head(tiers.ticket(mia), shop, known(tiers, mia), None)
    assert "Buyer's tier: VIP" in str(card.parts)
    learned = MarketConversation(mia.conversation, f"im-{mia.conversation}", "user-1", "Mia", "", None, 0, None)
    intake.buyer_learned(tiers.tx, SHOP, learned, None, tiers.now)
    assert (known(tiers, mia).tier, known(tiers, mia).nickname) == ("VIP", "Mia"), "what TikTok tells takes none away"
    li.presses(Verb.RESOLVE, tiers.ticket(mia))
    tiers.passes(days=8)
    mia.says("Me again")
    tiers.carry_out()
    assert minutes(tiers, mia) == 5, "it is the buyer's, whichever ticket"
    li.says("!tier off", to=mia)
    assert minutes(tiers, mia) == 60
    assert li.whispers[-1] == "done"


def test_a_rule_puts_a_buyer_in_a_tier_whom_nobody_has_put_elsewhere(
    tiers: Desk, mia: BuyerThere, li: Teammate
) -> None:
    tiers.tx.insert(Rulebook(name=RulebookName.TRIAGE, version=2, text=RULE, applied_at=tiers.now))
    mia.says("How much is a pallet?")
    tiers.carry_out()
    assert known(tiers, mia).tier == "Wholesale"
    li.says("!tier off", to=mia)
    mia.says("A whole pallet, I mean")
    assert known(tiers, mia).tier == "", "what a person chose stays"
    ana = tiers.buyer("ana")
    ana.says("Hello")
    tiers.carry_out()
    li.says("!tier vip", to=ana)
    ana.says("I need a pallet")
    assert known(tiers, ana).tier == "VIP"


def test_a_desk_without_tiers_says_who_names_them(desk: Desk, mia: BuyerThere, li: Teammate) -> None:
    mia.says("Where is my parcel?")
    desk.carry_out()
    li.says("!tier vip", to=mia)
    assert li.whispers == ["no_tiers"]
    assert conversations.buyer(desk.tx, SHOP, desk.ticket(mia).buyer_id) is not None


FILE = """
[[tiers]]
name = "VIP"

[[service_levels]]
name = "quick"
targets = [{ metric = "first_response", within = "5m" }]
match = { tiers = ["VIP"] }
"""


def test_tiers_are_named_in_the_file_and_promises_can_be_for_no_others(desk: Desk) -> None:
    plan = desk_toml.parse(FILE)
    assert [one.name for one in plan.tiers] == ["VIP"]
    assert desk_toml.parse(desk_toml.write(plan)).tiers == plan.tiers
    assert "+ tier VIP" in [f"{one.sign} {one.what}" for one in setup.apply(desk.tx, plan, desk.now)]
    assert [f"{one.sign} {one.what}" for one in setup.compare(desk.tx, desk_toml.parse(FILE))] == []
    for wrong, why in (
        (FILE.replace('["VIP"]', '["vip"]'), "is none of the tiers"),
        (FILE.replace('"VIP"\n\n', '"off"\n\n'), "a tier is called"),
        (FILE + '\n[[tiers]]\nname = "vip"\n', "twice"),
    ):
        with pytest.raises(SetupError, match=why):
            desk_toml.parse(wrong)
