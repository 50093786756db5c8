"""Where we may connect to: encrypted unless it is this machine, and never into a private network by chance."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from chatops.errors import SetupError

NAT64 = IPv6Network("64:ff9b::/96")


def checked(address: str, setting: str) -> URL:
    """Return the base address of a service; `SetupError` unless it is https, or http to this machine."""
    try:
        url = URL(address.rstrip("/"))
    except ValueError:
        url = URL()
    if url.host and (url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))):
        return url
    raise SetupError(f"{setting} is not an https address", f"set {setting} to an address that begins with https://")


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine, judged by its name or literal address alone."""
    if not host:
        return False
    literal = _literal(host)
    return host.lower() == "localhost" if literal is None else literal.is_loopback


def is_public(host: str) -> bool:
    """Whether a literal address can be reached by anybody; True for a name, which `PublicResolver` judges."""
    literal = _literal(host)
    if literal is None:
        # Digits and dots that are no address ("127.1") still reach one, past every resolver.
        return host.lower() != "localhost" and not host.replace(".", "").isdigit()
    if isinstance(literal, IPv6Address):
        inside = literal.ipv4_mapped or literal.sixtofour
        if literal in NAT64:
            inside = IPv4Address(int(literal) & 0xFFFFFFFF)
        if inside is not None:
            literal = inside
    return literal.is_global and not literal.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only, so that a name cannot lead into our own network."""

    def __init__(self) -> None:
        self._names = ThreadedResolver(asyncio.get_running_loop())

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the public addresses of `host`; `OSError` when there is none."""
        found = [one for one in await self._names.resolve(host, port, family) if is_public(one["host"])]
        if not found:
            raise OSError(None, "the name leads to no public address")
        return found

    async def close(self) -> None:
        """Let go of the system's resolver."""
        await self._names.close()


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
