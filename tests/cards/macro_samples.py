"""One of everything a person can be shown of prepared answers."""

from datetime import date

from chatops.cards import macro_library, macros
from chatops.cards.message import spoken
from chatops.model.conversation import Conversation
from chatops.model.macro import Macro, MacroText
from chatops.model.macro_offer import Draft, Occasion
from chatops.model.message import MessageState
from chatops.rules.macro import Filled, Variable
from tests.cards.samples import LI, MIA, NOW, SHOP, Group, answer, ticket

WHERE = Macro(
    id="where",
    name="Where is my order",
    folder="Shipping",
    acts=["level logistics", "snooze tomorrow 9"],
    review_by=date(2026, 3, 1),
)
THANKS = Macro(id="thanks", name="Thank you")
IN_THAI = MacroText(macro_id="where", locale="th", text="ติดตามได้ที่ {order.tracking_url}", signed_off_by="Somchai")
IN_ENGLISH = MacroText(macro_id="thanks", locale="en", text="Thank you!")
LINK = Variable("order.tracking_url", source="{order.tracking_url}")


def occasion() -> Occasion:
    """Return a ticket of Mia's, who writes in Thai."""
    return Occasion(ticket(), SHOP, Conversation(shop_id=SHOP.id, id="conversation", language="th"), MIA, LI)


OWN = Filled("You can track it here: {order.tracking_url}", (LINK,))
FOR_THAI = Draft(WHERE, IN_THAI, Filled(IN_THAI.text, (LINK,)), OWN, "th")
NOT_FOR_THAI = Draft(THANKS, IN_ENGLISH, Filled(IN_ENGLISH.text), None, "th")

MACROS: Group = {
    "picker": lambda: macros.preview(occasion(), FOR_THAI, [WHERE, THANKS], 0, NOW),
    "picker, in another language": lambda: macros.preview(occasion(), NOT_FOR_THAI, [THANKS], 3, NOW),
    "none for these words": lambda: macro_library.not_found("unicorn\nsparkles"),
    "none at all": macro_library.none_yet,
    "answer in the thread": lambda: spoken(answer(), LI),
    "answer in the thread, nameless": lambda: spoken(answer(), None),
    "note in the thread": lambda: spoken(answer("Send a voucher", state=MessageState.NOTE), LI),
}
