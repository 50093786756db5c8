"""The outside world on loopback: TikTok Shop, Slack and Discord, strict and stateful, for the unmodified product."""
