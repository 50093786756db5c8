"""Those who decide: verbs that change what we know, each a plain function run inside one transaction.

No network, no text, no clock of its own: instants and ids come in as arguments, effects leave through the outbox.
"""
