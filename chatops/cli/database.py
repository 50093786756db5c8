"""Looking after the database."""

import asyncio

import migrations
from chatops.app import keyring, open_desk, prepare
from chatops.config import read_config
from chatops.model.tables import TABLES
from chatops.store.secrets import reencrypt_all
from chatops.times import SystemTime


async def upgrade() -> str:
    """Bring the database to the newest schema and say what was done."""
    config = read_config()
    prepare(config)
    before = await asyncio.to_thread(migrations.current, config.database)
    await asyncio.to_thread(migrations.upgrade, config.database)
    after = migrations.head()
    return f"The schema was {before or 'empty'} and is {after} now." if before != after else f"It is {after} already."


async def rotate_key() -> str:
    """Encrypt every secret with the first key and say how many there were."""
    config = read_config()
    store = await open_desk(config, SystemTime())
    try:
        count = await store.write(lambda tx: reencrypt_all(tx.connection, keyring(config), TABLES))
    finally:
        await store.close()
    return f"{count} secrets are encrypted with the first key now. The others can be taken out of CHATOPS_SECRET_KEY."
