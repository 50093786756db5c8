"""What a press is about, as the few characters that a button carries."""

from chatops.errors import NotUnderstood


def ticket_ref(shop_id: str, ticket_id: str) -> str:
    """Return the ref of a press that is about a ticket."""
    return f"{shop_id}/{ticket_id}"


def message_ref(shop_id: str, message_id: str) -> str:
    """Return the ref of a press that is about a message."""
    return f"{shop_id}/{message_id}"


def choice_ref(ticket: str, choice: str) -> str:
    """Return the ref of a press that chooses something for the ticket of the ref `ticket`: a macro, a verb."""
    return f"{ticket}/{choice}"


def split_choice(ref: str) -> tuple[str, str]:
    """Read what `choice_ref` wrote: the ticket's ref, and what was chosen for it.

    Raises:
        NotUnderstood: it did not write this.
    """
    ticket, _, choice = ref.rpartition("/")
    split_ref(ticket)
    if not choice:
        raise NotUnderstood(f"nothing chosen: {ref[:100]!r}")
    return ticket, choice


def section_ref(digest: int | None, section: str) -> str:
    """Return the ref of a press that is about a section, of the digest of a number if it is about its numbers."""
    return f"{digest}/{section}" if digest else section


def split_ref(ref: str) -> tuple[str, str]:
    """Read what `ticket_ref` or `message_ref` wrote: the shop's id and the ticket's or message's.

    Raises:
        NotUnderstood: neither wrote it.
    """
    shop_id, _, rest = ref.partition("/")  # shop ids are digits; only what follows may hold a slash
    if not shop_id or not rest:
        raise NotUnderstood(f"not a ref: {ref[:100]!r}")
    return shop_id, rest
