"""The world as a demo page shows it."""

from chatops.sandbox.tiktok.authorizations import Authorizations
from chatops.sandbox.tiktok.state import Conversation, Json, Message, Profile, Shop, State, seconds


def snapshot(state: State, authorizations: Authorizations) -> Json:
    """Return everything visible, ready for JSON; instants are Unix seconds."""
    return {
        "now": seconds(state.time.now()),
        "shops": [_shop(shop, authorizations) for shop in state.shops.values()],
        "buyers": [_buyer(profile, state) for profile in state.profiles.values()],
        "conversations": [_conversation(one) for one in state.conversations.values()],
    }


def _shop(shop: Shop, authorizations: Authorizations) -> Json:
    authorized = authorizations.newest(shop) is not None
    return {"id": shop.id, "name": shop.name, "region": shop.region, "authorized": authorized}


def _buyer(profile: Profile, state: State) -> Json:
    found = state.conversation_of(profile)
    return {
        "id": profile.user_id,
        "shop_id": profile.shop.id,
        "nickname": profile.nickname,
        "avatar": profile.avatar,
        "conversation_id": found.id if found else None,
    }


def _conversation(conversation: Conversation) -> Json:
    return {
        "id": conversation.id,
        "shop_id": conversation.shop.id,
        "buyer_id": conversation.profile.user_id,
        "unread": conversation.unread,
        "messages": [_message(message) for message in conversation.messages],
    }


def _message(message: Message) -> Json:
    return {
        "id": message.id,
        "type": message.type,
        "content": message.inner,
        "role": message.role,
        "visible": message.visible,
        "created_at": seconds(message.created_at),
    }
