"""What happens in a conversation: messages are kept, counted, shown and announced."""

from datetime import timedelta

from chatops.sandbox.tiktok.changes import Changes
from chatops.sandbox.tiktok.state import Conversation, Json, Message, Profile, State, compact, seconds
from chatops.sandbox.tiktok.webhooks import NEW_CONVERSATION, NEW_MESSAGE, Notification, Webhooks

BUYER_SILENCE_ENDS = timedelta(hours=6)
SELLER_SILENCE_ENDS = timedelta(days=7)
CONTACT_AFTER_CHAT = timedelta(days=30)
CONTACT_AFTER_ORDER = timedelta(days=60)
INDEX_START = 7494560109732334274
INDEX_STEP = 3  # larger means newer, but there are gaps


class Chat:
    """Writes conversations; every way a message can come into being ends in `post`."""

    def __init__(self, state: State, webhooks: Webhooks, changes: Changes) -> None:
        self._state = state
        self._webhooks = webhooks
        self._changes = changes

    def open(self, profile: Profile) -> Conversation:
        """Return the one conversation of this buyer with the shop, opening it the first time."""
        found = self._state.conversation_of(profile)
        if found is None:
            activity = self._state.next_activity()
            found = Conversation(self._state.new_id(), profile.shop, profile, self._state.time.now(), activity)
            self._state.add_conversation(found)
            self._changes.ring()
        return found

    def post(
        self,
        conversation: Conversation,
        kind: str,
        content: Json,
        role: str,
        *,
        visible: bool = True,
        echo: bool = True,
    ) -> tuple[Message, Notification | None]:
        """Keep a message and announce it; `echo=False` keeps it from the webhooks."""
        now = self._state.time.now()
        self._session(conversation, role)
        index = INDEX_START + INDEX_STEP * len(conversation.messages)
        message = Message(self._state.new_id(), conversation, kind, compact(content), role, now, visible, index)
        conversation.messages.append(message)
        conversation.activity = self._state.next_activity()
        if role == "BUYER":
            conversation.unread += 1
        if (
            role == "CUSTOMER_SERVICE"
            and not conversation.agent_joined
            and self._state.assumptions.first_answer_joins_agent
        ):
            self.agent(conversation, joins=True)
        notification = self._announce(message) if echo else None
        self._changes.ring()
        return message, notification

    def agent(self, conversation: Conversation, *, joins: bool) -> None:
        """Let an agent join or leave; webhook 13 tells about both."""
        conversation.agent_joined = joins
        data = {"conversation_id": conversation.id, "create_time": seconds(conversation.created_at)}
        self._webhooks.notify(conversation.shop, NEW_CONVERSATION, data, lane=conversation.id)

    def mark_read(self, conversation: Conversation) -> None:
        """Count everything the buyer wrote as read."""
        conversation.unread = 0
        self._changes.ring()

    def contactable(self, profile: Profile) -> bool:
        """Whether the shop may write: a chat within 30 days, an order within 60, or any return."""
        if profile.contactable is not None:
            return profile.contactable
        now, found = self._state.time.now(), self._state.conversation_of(profile)
        written = [message.created_at for message in found.messages if message.role == "BUYER"] if found else []
        ordered = [order.created_at for order in self._state.orders.values() if order.profile is profile]
        return (
            profile.has_returned
            or any(now - instant <= CONTACT_AFTER_CHAT for instant in written[-1:])
            or any(now - instant <= CONTACT_AFTER_ORDER for instant in ordered)
        )

    def session_open(self, conversation: Conversation) -> bool:
        """Whether the current session lives: it ends after 6 h of the buyer's or 7 days of the seller's silence."""
        if not conversation.session_id or not conversation.messages:
            return bool(conversation.session_id)
        last = conversation.messages[-1]
        limit = SELLER_SILENCE_ENDS if last.role == "BUYER" else BUYER_SILENCE_ENDS
        return self._state.time.now() - last.created_at <= limit

    def _session(self, conversation: Conversation, role: str) -> None:
        if role == "BUYER" and not self.session_open(conversation):
            conversation.session_id, conversation.phase = self._state.new_id(), "QUEUED"
        elif role == "CUSTOMER_SERVICE":
            conversation.phase = "ASSIGNED"
        elif role in {"ROBOT", "SYSTEM"} and conversation.phase == "QUEUED":
            conversation.phase = "AUTO_REPLY"

    def _announce(self, message: Message) -> Notification | None:
        conversation = message.conversation
        data = {
            "content": message.content,
            "conversation_id": conversation.id,
            "create_time": seconds(message.created_at),
            "is_visible": message.visible,
            "message_id": message.id,
            "index": str(message.index),
            "type": message.type,
            "sender": {"im_user_id": im_user_id(message), "role": message.role},
        }
        return self._webhooks.notify(conversation.shop, NEW_MESSAGE, data, lane=conversation.id)


def im_user_id(message: Message) -> str:
    """Return the sender's chat id; for SYSTEM and ROBOT it is the shop's."""
    conversation = message.conversation
    if message.role == "BUYER":
        return conversation.profile.im_user_id
    if message.role == "CUSTOMER_SERVICE":
        return conversation.shop.agent_im_user_id
    return conversation.shop.im_user_id
