"""TikTok Shop: calls to the Partner API (versions 202309 and newer), and nothing about what they are good for."""
