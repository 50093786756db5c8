"""A forum's tags: which of them a post carries."""

from collections.abc import Mapping, Sequence
from typing import Any

from chatops.ui import Card

MOST_TAGS = 5  # of a post
TAG_REQUIRED = 1 << 4  # among a forum's flags
CHANGED = {"invalid_form", "tag_required", "unknown_tag"}  # how a post is refused whose tags are not as we knew them


def chosen(forum: Mapping[str, Any], card: Card, applied: Sequence[str] = ()) -> list[str]:
    """Return the ids of the tags that say what the card is labelled, and of those that people have put there.

    Where a forum insists on a tag and has none that fits, its first one must do: a conversation has to be shown.
    """
    known = {tag["id"]: spelled(tag["name"]) for tag in forum.get("available_tags") or ()}
    by_name = {name: tag_id for tag_id, name in reversed(known.items())}
    ours = [by_name[name] for name in map(spelled, card.labels) if name in by_name]
    never = {*map(spelled, card.unlabelled), *(known[tag_id] for tag_id in ours)}
    theirs = [tag_id for tag_id in applied if tag_id in known and known[tag_id] not in never]
    tags = list(dict.fromkeys([*ours, *theirs]))[:MOST_TAGS]
    return tags or (list(known)[:1] if int(forum.get("flags") or 0) & TAG_REQUIRED else [])


def spelled(name: str) -> str:
    """Return what is the same of two names that say the same."""
    return " ".join(name.split()).casefold()
