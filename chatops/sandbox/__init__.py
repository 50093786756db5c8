"""The outside world on loopback: TikTok Shop and Slack as strict, stateful servers for the unmodified product."""
