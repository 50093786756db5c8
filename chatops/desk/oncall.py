"""Who is on call, for the desk; the answers are the model's."""

from chatops.model.oncall import next_change, on_call

__all__ = ["next_change", "on_call"]
