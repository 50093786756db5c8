"""The worlds as documents for the page: who is there, and what each of them sees."""

from datetime import timedelta

from chatops.sandbox.discord import DiscordWorld
from chatops.sandbox.slack.emoji_names import SHORT_NAMES
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import Order, Product
from chatops.sandbox.web.control import Control
from chatops.sandbox.web.feed import Documents
from chatops.sandbox.world import COMMANDS, SHORTCUTS, World

MILLISECOND = timedelta(milliseconds=1)
MORE_EMOJI = {"arrows_counterclockwise": "🔄", "warning": "⚠️", "+1": "👍", "no_entry": "⛔", "inbox_tray": "📥"}
EMOJI = {short: shown for shown, short in SHORT_NAMES.items()} | MORE_EMOJI


def look(world: World, control: Control) -> Documents:
    """Return everything the page shows."""
    return {
        "emoji": EMOJI,
        "product": {"state": control.state, "wishes": len(control.wishes), "pending": control.pending},
        "time": {"ahead": world.time.skipped // MILLISECOND},
        **_shop(world),
        **_workspace(world),
        **_server(world.discord),
    }


def _shop(world: World) -> Documents:
    cast = world.cast
    documents: Documents = {"shop": {"id": cast.shop.id, "name": cast.shop.name}}
    documents |= {f"goods/{cast.lipstick.id}": _product(cast.lipstick), f"order/{cast.order.id}": _order(cast.order)}
    for place, buyer in enumerate(cast.buyers):
        documents[f"buyer/{buyer.user_id}"] = _buyer(world, buyer, place)
        documents |= _chat(world, buyer)
    return documents


def _buyer(world: World, buyer: Buyer, place: int) -> Documents:
    orders = [world.cast.order.id] if buyer is world.cast.mia else []
    return {"id": buyer.user_id, "name": buyer.nickname, "place": place, "orders": orders}


def _chat(world: World, buyer: Buyer) -> Documents:
    conversation = next((one for one in world.tiktok.conversations if one.profile is buyer.profile), None)
    return {
        f"said/{message.id}": {
            "id": message.id,
            "buyer": buyer.user_id,
            "place": message.index,
            "kind": message.type,
            "content": message.inner,
            "role": message.role,
            "at": message.created_at.timestamp(),
        }
        for message in (conversation.messages if conversation else [])
        if message.visible
    }


def _product(product: Product) -> Documents:
    return {"id": product.id, "title": product.title, "price": product.price, "currency": product.currency}


def _order(order: Order) -> Documents:
    return {"id": order.id, "status": order.status, "goods": [product.id for product in order.products]}


def _workspace(world: World) -> Documents:
    workspace = world.slack.workspace
    offered = {"commands": COMMANDS, "shortcuts": [{"id": each, "name": name} for each, name in SHORTCUTS.items()]}
    documents: Documents = {"team": vars(workspace.team), "slack-app": offered}
    for member in workspace.members.values():
        person = {"id": member.id, "name": member.real_name, "bot": member.is_bot, "zone": member.tz}
        documents[f"person/{member.id}"] = person | {"language": member.locale}
    for channel in workspace.channels.values():
        place = {"channel": channel.id}
        if channel.kind == "im":
            reader = next((who for who in channel.members if who in world.slack.people), "")
            documents[f"direct/{channel.id}"] = {"id": channel.id, "person": reader}
        else:
            documents[f"channel/{channel.id}"] = {"id": channel.id, "name": channel.name, "archived": channel.archived}
        documents |= {f"message/{one.ts}": channel.wire(one) | place for one in channel.messages}
    for message in workspace.ephemerals:
        private = {"channel": message.channel_id, "only_for": message.ephemeral_to}
        documents[f"message/{message.ts}"] = message.wire() | private
    for person_id in world.slack.people:
        if form := world.slack.views.top(person_id):
            documents[f"form/{person_id}"] = form.with_state()
        if home := world.slack.people[person_id].home(world.cast.slack_app):
            documents[f"home/{person_id}"] = home.with_state()
    return documents


def _server(discord: DiscordWorld) -> Documents:
    state = discord.state()
    documents: Documents = {"discord": state["server"]}
    kinds = {
        "person": state["people"],
        "channel": state["channels"],
        "direct": state["directs"],
        "command": state["commands"],
        "message": [*state["messages"], *state["ephemerals"]],
    }
    for kind, many in kinds.items():
        documents |= {f"discord-{kind}/{one['id']}": one for one in many}
    documents |= {f"discord-form/{one['person']}": one for one in state["forms"]}
    return documents
