"""The customer-service endpoints: conversations, messages, marks and settings."""

from collections.abc import Sequence
from typing import Any

from chatops.sandbox.tiktok.chat import Chat, im_user_id
from chatops.sandbox.tiktok.content import Contents
from chatops.sandbox.tiktok.gateway import Call, Endpoint
from chatops.sandbox.tiktok.pages import LOCALES, page_token
from chatops.sandbox.tiktok.plaintext import card_data, plaintext
from chatops.sandbox.tiktok.refusals import NO_ACCESS, NOT_CONTACTABLE, NOT_FOUND, RefusalError
from chatops.sandbox.tiktok.state import Conversation, Json, Message, State, compact, seconds
from chatops.sandbox.tiktok.webhooks import Webhooks

CONVERSATIONS_CAP = 20
MESSAGES_CAP = 10
SENDER_ROLES = ("CUSTOMER_SERVICE", "SYSTEM", "ROBOT")
SESSION = frozenset({"need_session_id", "need_session_info"})
LIST = frozenset({"page_size", "page_token", "locale"})
READING = LIST | {"sort_order", "sort_field", "need_data", "need_plaintext", "time_zone"}


class CustomerService:
    """Serves `/customer_service/…`."""

    def __init__(self, state: State, chat: Chat, webhooks: Webhooks) -> None:
        self._state = state
        self._chat = chat
        self._webhooks = webhooks
        self._contents = Contents(state)

    def endpoints(self) -> list[Endpoint]:
        """Return what to serve."""
        root, one = "/customer_service/202309/conversations", "conversations/{conversation_id}"
        settings, performance = "/customer_service/202309/agents/settings", "/customer_service/202407/performance"
        sent, dates = frozenset({"type", "content"}), frozenset({"support_date_ge", "support_date_lt"})
        role, accept = frozenset({"sender_role"}), frozenset({"can_accept_chat"})
        newest, older = f"/customer_service/202606/{one}/messages", f"/customer_service/202309/{one}/messages"
        buyer = frozenset({"buyer_user_id"})
        return [
            Endpoint("get_conversations", "GET", root, self._conversations, query=LIST | SESSION),
            Endpoint("create_conversation", "POST", root, self._create, required=buyer),
            Endpoint("get_conversation", "GET", f"/customer_service/202601/{one}", self._conversation, query=SESSION),
            Endpoint("get_messages", "GET", older, self._messages, query=READING),
            Endpoint("send_message", "POST", newest, self._send, required=sent, optional=role),
            Endpoint("send_message", "POST", older, self._send, required=sent),
            Endpoint("mark_read", "POST", f"{older}/read", self._read),
            Endpoint("get_agent_settings", "GET", settings, self._get_settings),
            Endpoint("put_agent_settings", "PUT", settings, self._put_settings, required=accept),
            Endpoint("get_performance", "GET", performance, self._performance, query=dates),
        ]

    def _found(self, call: Call, refused: int = NOT_FOUND) -> Conversation:
        found = self._state.conversations.get(call.path["conversation_id"])
        if found is None or found.shop is not call.shop:
            raise RefusalError(refused)
        return found

    async def _conversations(self, call: Call) -> Json:
        size, scope = call.parameters.page_size(1, CONVERSATIONS_CAP), f"conversations:{call.shop.id}"
        call.parameters.choice("locale", LOCALES, default="en")
        after = call.parameters.position(scope)
        mine = [one for one in self._state.conversations.values() if one.shop is call.shop]
        mine.sort(key=lambda one: one.activity, reverse=True)
        rest = [one for one in mine if after is None or one.activity < after[0]]
        page = rest[:size]
        token = page_token(scope, (page[-1].activity,)) if len(rest) > size else ""
        return {"next_page_token": token, "conversations": [self._listed(one, call) for one in page]}

    def _listed(self, conversation: Conversation, call: Call) -> Json:
        newest = conversation.messages[-1] if conversation.messages else None
        return {
            **self._described(conversation, call, platform="buyer_platform"),
            "can_send_message": self._chat.contactable(conversation.profile),
            "latest_message": None if newest is None else _message(newest),
        }

    def _described(self, conversation: Conversation, call: Call, *, platform: str) -> Json:
        people = _participants(conversation, platform)
        described: Json = {
            "id": conversation.id,
            "participant_count": len(people),
            "participants": people,
            "create_time": seconds(conversation.created_at),
            "unread_count": conversation.unread,
        }
        wants_id, wants_info = (call.parameters.flag(name) for name in ("need_session_id", "need_session_info"))
        if self._chat.session_open(conversation):
            if wants_id:
                described["cur_session_id"] = conversation.session_id
            if wants_info:
                described["cur_session"] = {"id": conversation.session_id, "phase": conversation.phase}
        return described

    async def _conversation(self, call: Call) -> Json:
        return {"conversation": self._described(self._found(call), call, platform="platform")}

    async def _create(self, call: Call) -> Json:
        profile = self._state.profiles.get(str(call.body["buyer_user_id"]))
        if profile is None or profile.shop is not call.shop or not self._chat.contactable(profile):
            raise RefusalError(NOT_CONTACTABLE)
        return {"conversation_id": self._chat.open(profile).id}

    async def _messages(self, call: Call) -> Json:
        conversation, parameters = self._found(call), call.parameters
        size = parameters.page_size(1, MESSAGES_CAP)
        parameters.choice("locale", LOCALES, default="en")
        newest_first = parameters.choice("sort_order", ("DESC", "ASC")) == "DESC"
        field = parameters.choice("sort_field", ("create_time", "index"))
        scope = f"messages:{conversation.id}:{newest_first}:{field}"

        def key(message: Message) -> tuple[int, ...]:
            return (message.index,) if field == "index" else (seconds(message.created_at), message.index)

        rest: Sequence[Message] = sorted(conversation.messages, key=key, reverse=newest_first)
        if (after := parameters.position(scope)) is not None:
            rest = [one for one in rest if (key(one) < after if newest_first else key(one) > after)]
        page = rest[:size]
        extras = {name for name in ("data", "plaintext") if parameters.flag(f"need_{name}")}
        return {
            "next_page_token": page_token(scope, key(page[-1])) if len(rest) > size else "",
            "unsupported_msg_tips": "Please check this message in TikTok Shop.",
            "messages": [self._shown(one, extras) for one in page],
        }

    def _shown(self, message: Message, extras: set[str]) -> Json:
        shown = _message(message)
        if "data" in extras:
            shown["data"] = compact(card_data(message, self._state))
        if "plaintext" in extras:
            shown["plaintext"] = plaintext(message, self._state)
        return shown

    async def _send(self, call: Call) -> Json:
        conversation = self._found(call, NO_ACCESS)
        assumptions = self._state.assumptions
        role = call.body.get("sender_role", assumptions.default_sender_role)
        if role not in SENDER_ROLES:
            raise call.parameters.invalid("sender_role")
        content = self._contents.accept(call.body["type"], call.body["content"], call.shop)
        if not self._chat.contactable(conversation.profile):
            raise RefusalError(NO_ACCESS)
        message, echo = self._chat.post(conversation, call.body["type"], content, role, echo=assumptions.echoes)
        if echo is not None and assumptions.echo_before_answer:
            await self._webhooks.first_try(echo)
        return {"message_id": message.id}

    async def _read(self, call: Call) -> Json:
        self._chat.mark_read(self._found(call))
        return {}

    async def _get_settings(self, call: Call) -> Json:
        return {"can_accept_chat": call.shop.can_accept_chat}

    async def _put_settings(self, call: Call) -> Json:
        wanted: Any = call.body["can_accept_chat"]
        if not isinstance(wanted, bool) or (not wanted and call.shop.agents == 1):
            raise call.parameters.invalid("can_accept_chat")
        call.shop.can_accept_chat = wanted
        return {}

    async def _performance(self, call: Call) -> Json:
        for name in ("support_date_ge", "support_date_lt"):
            if not call.query.get(name):
                raise call.parameters.invalid(name)
        return {"performance": {**PERFORMANCE, **call.shop.performance}}


PERFORMANCE: Json = {
    "support_session_count": 15,
    "response_percentage": "93.4",
    "satisfaction_percentage": "95.2",
    "response_time_mins": "3.4",
    "conversion_rate": "66.67",
    "cs_guided_gmv": "36500",
    "currency": "USD",
}


def _participants(conversation: Conversation, platform: str) -> list[Json]:
    shop, buyer = conversation.shop, conversation.profile
    seen: Json = {
        "im_user_id": buyer.im_user_id,
        "user_id": buyer.user_id,
        "role": "BUYER",
        "nickname": buyer.nickname,
        "avatar": buyer.avatar,
    }
    if shop.region == "ID":
        seen[platform] = buyer.buyer_platform
    people = [seen, {"im_user_id": shop.im_user_id, "role": "SHOP", "nickname": shop.name, "avatar": shop.avatar}]
    if conversation.agent_joined:
        people.append({**people[1], "im_user_id": shop.agent_im_user_id, "role": "CUSTOMER_SERVICE"})
    return people


def _message(message: Message) -> Json:
    conversation = message.conversation
    buyer = message.role == "BUYER"
    return {
        "id": message.id,
        "type": message.type,
        "content": message.content,
        "create_time": seconds(message.created_at),
        "is_visible": message.visible,
        "index": str(message.index),
        "sender": {
            "im_user_id": im_user_id(message),
            "role": message.role,
            "nickname": conversation.profile.nickname if buyer else conversation.shop.name,
            "avatar": conversation.profile.avatar if buyer else conversation.shop.avatar,
        },
    }
