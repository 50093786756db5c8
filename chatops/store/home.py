"""The data folder: private to its owner, with the key that encrypts what must not be read."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from chatops.config import Config
from chatops.errors import SetupError
from chatops.store.secrets import Keyring, generate_key


def prepare(config: Config) -> None:
    """Look at the database's address, and make the data folder, private to its owner, if it is not there.

    Raises:
        SetupError: one of them makes no sense.
    """
    if config.database.partition(":")[0].partition("+")[0] not in {"sqlite", "postgresql"}:
        raise SetupError(
            "CHATOPS_DATABASE_URL is no address of a database",
            "Write sqlite:///FILE or postgresql://NAME:PASSWORD@HOST/DATABASE, or leave it empty.",
        )
    try:
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"the data folder {config.data_dir} cannot be made: {error.strerror}",
            "Name a folder in CHATOPS_DATA_DIR that may be written to.",
        ) from None


def keyring(config: Config) -> Keyring:
    """Return the keys that encrypt tokens at rest; without a configured one, one is made in the data folder."""
    configured = config.secret_key.get_secret_value()
    if configured:
        return Keyring(configured.split(","))
    file = config.data_dir / "secret.key"
    if not file.exists():
        prepare(config)
        _keep_key(file)
    try:
        return Keyring(file.read_text(encoding="utf-8").split(","))
    except (OSError, UnicodeDecodeError, SetupError):
        remedy = "Put the file back from your backup; without it the shops have to be connected again."
        raise SetupError(f"the key in {file} cannot be used", remedy) from None


def _keep_key(file: Path) -> None:
    """Write a new key, whole and durable before it has its name; what another process wrote meanwhile stays."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")  # for its owner only
    with os.fdopen(handle, "w") as opened:
        opened.write(generate_key())
        opened.flush()
        os.fsync(handle)
    with suppress(FileExistsError):
        os.link(draft, file)
    Path(draft).unlink()
