"""How Discord says no: its numbered errors, with the HTTP status each comes with."""

from typing import Any

from chatops.sandbox.discord.message import Json

# Code: status and message. Codes are Discord's published list; where the message is not published it is our paraphrase.
ERRORS = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20028: (429, "The write action you are performing on the channel has hit the write rate limit."),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30003: (400, "Maximum number of pins reached (250)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    90001: (403, "Reaction was blocked"),
    130000: (503, "API resource is currently overloaded. Try again a little later."),
    160002: (403, "You need permission to read message history to reply to a message"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "This thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    200000: (400, "Message was blocked by automatic moderation"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220002: (400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
}


class Refusal(Exception):
    """A refusal with Discord's error code; `errors` says which fields are wrong and how."""

    def __init__(self, code: int, *, status: int | None = None, message: str = "", **more: Any) -> None:
        known_status, known_message = ERRORS.get(code, (400, "Bad Request"))
        super().__init__(f"{code}: {message or known_message}")
        self.code = code
        self.status = status or known_status
        self.message = message or known_message
        self.more = more

    def body(self) -> Json:
        """Return what the caller reads."""
        return {"message": self.message, "code": self.code} | self.more


def invalid(field: str, inner: str, message: str) -> Refusal:
    """Return 50035 for one field, named by its path such as `embeds.0.title`."""
    errors: Json = {"_errors": [{"code": inner, "message": message}]}
    for step in reversed(field.split(".")):
        errors = {step: errors}
    return Refusal(50035, errors=errors)
