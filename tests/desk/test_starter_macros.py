"""Whatever comes prepared with the product can be sent, in each of its languages."""

from itertools import cycle

from sqlalchemy import update

from chatops.catalog import Verb
from chatops.desk import gestures, macro_library
from chatops.desk.gestures import Pressed
from chatops.model import macro as macros
from chatops.model.conversation import Conversation
from chatops.refs import choice_ref, ticket_ref
from chatops.rules.macro import parse, variables
from tests.desk.scenes import NOON, SUPPORT, TEAM, BuyerThere, Desk, Teammate
from tests.starter import EXAMPLES, library


def test_every_answer_reaches_the_buyer_whole_and_does_what_it_says_to_the_ticket(
    desk: Desk, asked: BuyerThere, li: Teammate
) -> None:
    macro_library.apply(desk.tx, library(), desk.now)
    for entry, locale in zip(library(), cycle(["en", "zh", "id", "th", "vi", "es"]), strict=False):
        desk.tx.execute(update(Conversation).values(language=locale))
        ref = choice_ref(ticket_ref(desk.ticket(asked).shop_id, desk.ticket(asked).id), entry.id)
        asks = [variable.name for variable in variables(parse(entry.texts[locale]))]
        values = {name: EXAMPLES.get(name, "Xyz") for name in asks}
        assert gestures.pressed(
            desk.tx, Pressed(TEAM, SUPPORT, li.name, Verb.MACRO_SEND, ref, values=values, id=entry.id), desk.now
        )
        desk.passes(seconds=6)
        assert len(asked.heard[-1]) >= len(entry.texts[locale]) / 2
        assert not {"{", "}"} & set(asked.heard[-1])
    assert macros.uses(desk.tx, NOON) == dict.fromkeys((entry.id for entry in library()), 1)
    assert desk.ticket(asked).level == "complaint"
    assert desk.ticket(asked).tags == ["wrong-item", "damaged"]
