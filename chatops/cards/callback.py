"""What the browser of a seller shows who comes back from TikTok: one sentence each."""

from collections.abc import Sequence

from chatops.i18n import _

CONNECT = "chatops shop connect --code …"


def no_permission() -> str:
    """Say that the address lacks what TikTok adds to it."""
    return _("There is no permission in this address.")


def not_from_here() -> str:
    """Say how somebody finishes whom we did not send, or sent too long ago."""
    return _("To finish, run this where chatops is installed: {command}", command=CONNECT)


def not_taken() -> str:
    """Say that TikTok gave nothing for the permission."""
    return _("TikTok did not take this permission. Ask for a new address and try again.")


def not_kept() -> str:
    """Say that the permission is good and yet lost."""
    return _("The permission could not be kept. Ask for a new address and try again.")


def not_named(shops: Sequence[str]) -> str:
    """Say that the desk names none of the shops that the permission opens."""
    if not shops:
        return _("This permission opens no shop.")
    return _("Name one of these shops in desk.toml, then try again: {shops}", shops=", ".join(shops))


def connected(shops: Sequence[str]) -> str:
    """Say which shops are connected now."""
    return _("Connected: {shops}. You can close this page.", shops=", ".join(shops))
