"""TikTok Shop on the wire."""
