"""Why a request was refused, in words: one sentence per `errors.Refusal`."""

from collections.abc import Callable, Mapping

from chatops.cards.words import one_line
from chatops.errors import Refusal, Refused
from chatops.i18n import _

Facts = Mapping[str, str | int]


def _too_long(facts: Facts) -> str:
    length, limit = facts.get("length"), facts.get("limit")
    if not isinstance(length, int) or not isinstance(limit, int):
        return _("Not sent: this answer is longer than TikTok Shop allows. Make it shorter, or send it in parts.")
    return _(
        "Not sent: this answer has {count} characters, TikTok Shop allows {limit}. "
        "Make it shorter, or send it in parts.",
        count=length,
        limit=limit,
    )


def _file_type(facts: Facts) -> str:
    name = one_line(str(facts.get("name", "")))
    if not name:
        return _("Not sent: buyers can get only pictures (JPG, PNG, GIF or WebP).")
    return _("Not sent: {name} is not a picture. Buyers can get only pictures (JPG, PNG, GIF or WebP).", name=name)


def _file_too_large(facts: Facts) -> str:
    name = one_line(str(facts.get("name", "")))
    if not name:
        return _("Not sent: the picture is larger than 10 MB. Send a smaller one.")
    return _("Not sent: {name} is larger than 10 MB. Send a smaller picture.", name=name)


SENTENCES: Mapping[Refusal, Callable[[Facts], str]] = {
    Refusal.TOO_LONG: _too_long,
    Refusal.EMPTY: lambda _facts: _("Not sent: there are no words and no picture in it."),
    Refusal.SHOP_DISCONNECTED: lambda _facts: _(
        "Not sent: the shop is not connected to TikTok Shop. Connect it again, then send your answer again."
    ),
    Refusal.NOT_WAITING: lambda _facts: _("There is nothing left to do: this answer is not waiting any more."),
    Refusal.ALREADY_CLAIMED: lambda _facts: _("This ticket is already claimed."),
    Refusal.ALREADY_RESOLVED: lambda _facts: _("This ticket is already resolved."),
    Refusal.NOT_RESOLVED: lambda _facts: _("This ticket is still open."),
    Refusal.FILE_TYPE: _file_type,
    Refusal.FILE_TOO_LARGE: _file_too_large,
    Refusal.NOT_ALLOWED: lambda _facts: _("You may not do this here. Nothing was changed. Ask a lead of your team."),
    Refusal.STALE: lambda _facts: _(
        "This has changed in the meantime, so nothing was done. Look at the thread, then try again."
    ),
    Refusal.IN_PROFILE: lambda _facts: _("Nothing was done: Slack tells this. Change it in your Slack preferences."),
    Refusal.NO_SUCH_ZONE: lambda _facts: _(
        "Nothing was done: there is no such time zone. Write a large city of it, for example Bangkok or Europe/Berlin."
    ),
    Refusal.NO_SUCH_LANGUAGE: lambda facts: _(
        "Nothing was done: name the languages by their codes ({known}).", known=str(facts.get("known", ""))
    ),
    Refusal.UNKNOWN_ORDER: lambda _facts: _(
        "Not sent: there is no such command; see !help. If it is for the buyer, edit it so that no ! comes first."
    ),
}


def why_refused(refused: Refused) -> str:
    """Return why a request was refused, that nothing was done, and what to do instead."""
    return SENTENCES[refused.reason](refused.facts)


def messages_needed(refused: Refused) -> int:
    """Return how many messages an answer that is too long would make; 0 when nobody counted."""
    parts = refused.facts.get("parts")
    return parts if isinstance(parts, int) else 0
