"""Those who hear TikTok."""
