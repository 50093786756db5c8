"""The tables, and the questions about each: model answers, desk changes."""
