"""What is told of a stretch of time: numbers counted from what is stored, what they mean, and how they are shown.

A section is one module of `sections`: its question, its numbers, its words and its charts stand together, so that
another one is another file and nothing else. Numbers are counted once and kept; words and pictures are made of the
kept numbers whenever they are shown, in the reader's language.
"""
