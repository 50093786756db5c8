"""Measures of speed and memory: `python -m tests.bench`, or one of them: `python -m tests.bench intake`."""
