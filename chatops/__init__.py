"""chatops mirrors a TikTok seller's buyer messages into the team's chat, and the team's answers back, exactly once."""

__version__ = "0.1.0"
