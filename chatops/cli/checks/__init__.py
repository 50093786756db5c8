"""What `chatops check` looks at, a file for each place: here, the database, Slack, TikTok Shop, our own address."""
