"""The tables, and the questions about each: model answers, desk changes."""

from chatops.model import agent, conversation, history, inbox, message, setting, shop, thread, ticket, workspace

__all__ = ["agent", "conversation", "history", "inbox", "message", "setting", "shop", "thread", "ticket", "workspace"]
