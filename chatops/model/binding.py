"""The reactions that a workspace has given a meaning of its own."""

import emoji
from sqlmodel import Field, SQLModel, col, select

from chatops.store.transaction import Transaction


class Binding(SQLModel, table=True):
    """What a reaction does in a workspace: a verb and its words, such as "macro where-is-my-order".

    `emoji`: the short name, so `package` for 📦; a workspace's own emoji are called as they are there.
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    emoji: str = Field(primary_key=True)
    does: str


def name_of(written: str) -> str:
    """Return the short name of an emoji that is written as a sign, or by any of its names: 👍 is `+1`, too."""
    name = written.strip().strip(":").split("::", 1)[0]
    sign = emoji.emojize(f":{name}:", language="alias").replace("\ufe0f", "")
    return emoji.demojize(sign if emoji.is_emoji(sign) else name, language="alias").strip(":")


def get(tx: Transaction, workspace_id: str, emoji_name: str) -> Binding | None:
    """Return what a reaction does in a workspace, if the team gave it a meaning; skin tones do not matter."""
    return tx.get(Binding, workspace_id, name_of(emoji_name))


def every(tx: Transaction) -> list[Binding]:
    """Return all of them."""
    return tx.all(Binding, select(Binding).order_by(col(Binding.workspace_id), col(Binding.emoji)))
