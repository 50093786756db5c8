"""The outside world on loopback: TikTok Shop and Slack as strict, stateful servers that the unmodified product talks to."""
