"""discord.py with nothing changed in it: it believes to talk to discord.com, and the server here answers."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import discord
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.sandbox.discord.gateway_desk import Bot, Desk, desk_of

UNTOUCHED = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY  # read before any test points the library elsewhere
HOSTS = ("discord.com", "gateway.discord.gg")


class Here(AbstractResolver):
    """Finds every host at one port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(
        self,
        host: str,
        port: int = 0,  # noqa: ARG002 - every host's port is the same here
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Return this machine."""
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self.port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


def certificate(folder: Path) -> ssl.SSLContext:
    """Write a certificate for Discord's hosts that holds for an hour, and return the server's side of it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(alternatives, critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    unprotected = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unprotected)
    (folder / "key.pem").write_bytes(secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes until it ends."""
    with suppress(ConnectionError, ssl.SSLError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def behind_tls(context: ssl.SSLContext, port: int) -> AsyncIterator[int]:
    """Listen with TLS in front of a plain port; returns where."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, inner_writer), carry(inner_reader, writer))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running server that discord.py's constants do not know of."""
    async with desk_of(patched=False) as desk:
        yield desk


async def test_an_untouched_client_meets_the_server(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", UNTOUCHED[0])
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", UNTOUCHED[1])
    plain = int(desk.world.url.rsplit(":", 1)[1])
    async with behind_tls(certificate(tmp_path), plain) as port:
        trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        connector = aiohttp.TCPConnector(limit=0, resolver=Here(port), ssl=trusting)
        bot = Bot(desk, 34305, connector=connector)
        await desk.connect(bot)
        await desk.li.posts(desk.support, "Can you hear me?")
        heard = await bot.hears("message")
        assert isinstance(heard, discord.Message)
        await heard.reply("Loud and clear")
        await desk.support.expects("Loud and clear")
        desk.world.gateway.drop()
        await desk.li.posts(desk.support, "Still there?")
        await bot.hears("resumed")
        await bot.hears("message", 3)
        assert bot.said() == ["Can you hear me?", "Loud and clear", "Still there?"]
        await bot.close()
