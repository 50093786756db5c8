"""The store room: units of work with group commit, lanes of deliveries, leases, instants and encrypted columns."""

from chatops.store.instants import Instant, instant_field
from chatops.store.secrets import Keyring, Secret, SecretText, generate_key
from chatops.store.store import Store, look, open_store
from chatops.store.transaction import Transaction, table

__all__ = [
    "Instant",
    "Keyring",
    "Secret",
    "SecretText",
    "Store",
    "Transaction",
    "generate_key",
    "instant_field",
    "look",
    "open_store",
    "table",
]
