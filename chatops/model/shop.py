"""Connected shops, the authorizations that open them, and where their tickets go."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import JSON, BigInteger, bindparam, false
from sqlalchemy import select as rows_of
from sqlmodel import Field, SQLModel, col, select

from chatops.model.ticket import TicketKind
from chatops.store.choices import Choice
from chatops.store.instants import Instant
from chatops.store.prepared import Prepared
from chatops.store.secrets import Secret
from chatops.store.transaction import Transaction, table


class Authorization(SQLModel, table=True):
    """A seller's permission; one may open several shops. `version` fences concurrent refreshes."""

    id: str = Field(primary_key=True)  # TikTok's open_id
    seller_name: str
    access_token: str = Field(sa_type=Secret)
    access_expires_at: datetime = Field(sa_type=Instant)
    refresh_token: str = Field(sa_type=Secret)
    refresh_expires_at: datetime = Field(sa_type=Instant)
    granted_scopes: str  # separated by blanks
    version: int = 1
    revoked_reason: str | None = None


class Shop(SQLModel, table=True):
    """A TikTok Shop; `id` is TikTok's. Known from `desk.toml`, connected once `authorization_id` is set.

    From `holiday_from` until `holiday_until` its holiday mode is on, as a lead said.
    """

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    region: str = ""
    timezone: str
    locale: str
    authorization_id: str | None = Field(default=None, foreign_key="authorization.id")
    cipher: str = Field(default="", sa_type=Secret)
    holiday_from: datetime | None = Field(default=None, sa_type=Instant)
    holiday_until: datetime | None = Field(default=None, sa_type=Instant)


class PollMark(SQLModel, table=True):
    """How far the catch-up reader has compared a shop, and what it may still spend today.

    `failing_since`: since when the marketplace has given it no answer at all, if so.
    """

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    compared_at: datetime = Field(sa_type=Instant)
    newest_at: datetime = Field(sa_type=Instant)
    day: str = ""  # the UTC day the spending is counted for
    spent: int = Field(default=0, sa_type=BigInteger)
    failing_since: datetime | None = Field(default=None, sa_type=Instant)


class RoutePosture(StrEnum):
    """What plain text in a mirrored thread means."""

    TO_BUYER = "to_buyer"
    INTERNAL = "internal"  # internal unless sent on purpose


class Route(SQLModel, table=True):
    """Tickets of one kind of one shop go to one channel.

    Of several, those whose conditions fit a ticket best: the shop's `markets` (ISO 3166 codes), the buyer's
    `languages` (primary tags), the ticket's `levels`; an empty list is none. `buyer_identity`: there, on Discord,
    buyers' words stand under the buyers' names.
    """

    shop_id: str = Field(primary_key=True, foreign_key="shop.id")
    kind: TicketKind = Field(primary_key=True, sa_type=Choice(TicketKind))
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    channel_id: str = Field(primary_key=True)
    locale: str
    posture: RoutePosture = Field(default=RoutePosture.TO_BUYER, sa_type=Choice(RoutePosture))
    buyer_identity: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    markets: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    languages: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    levels: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})

    @property
    def has_conditions(self) -> bool:
        """Whether it takes only some of the shop's tickets of its kind."""
        return bool(self.markets or self.languages or self.levels)


def get(tx: Transaction, shop_id: str) -> Shop | None:
    """Return the shop with TikTok's id."""
    return tx.get(Shop, shop_id)


class About(NamedTuple):
    """What promises depend on, without the key that reading a shop decrypts."""

    name: str
    region: str
    locale: str
    holiday_from: datetime | None
    holiday_until: datetime | None

    def is_on_holiday(self, at: datetime) -> bool:
        """Tell whether the shop's holiday mode was on at an instant."""
        start, end = self.holiday_from, self.holiday_until
        return start is not None and end is not None and start <= at < end


_ABOUT = Prepared(rows_of(*(table(Shop).c[name] for name in About._fields)).where(col(Shop.id) == bindparam("shop_id")))


def about(tx: Transaction, shop_id: str) -> About | None:
    """Return what promises depend on."""
    found = tx.rows(_ABOUT, shop_id=shop_id)
    return About(*found[0]) if found else None


def every(tx: Transaction) -> list[Shop]:
    """Return all shops by name."""
    return tx.all(Shop, select(Shop).order_by(Shop.name))


def authorization(tx: Transaction, authorization_id: str) -> Authorization | None:
    """Return one authorization."""
    return tx.get(Authorization, authorization_id)


_ROUTES = Prepared(
    select(Route).where(col(Route.shop_id) == bindparam("shop_id"), col(Route.kind) == bindparam("kind"))
)


def routes(tx: Transaction, shop_id: str, kind: TicketKind | None) -> list[Route]:
    """Return where a shop's tickets of one kind (None: of any) go."""
    if kind is not None:
        return tx.all(Route, _ROUTES, shop_id=shop_id, kind=kind)
    return tx.all(Route, select(Route).where(Route.shop_id == shop_id))


def route(tx: Transaction, shop_id: str, kind: TicketKind, workspace_id: str, channel_id: str) -> Route | None:
    """Return the route by which a shop's tickets of one kind go to a channel."""
    return tx.get(Route, shop_id, kind, workspace_id, channel_id)


def is_routed(tx: Transaction, workspace_id: str, channel_id: str) -> bool:
    """Tell whether tickets go to a channel."""
    here = Route.workspace_id == workspace_id, Route.channel_id == channel_id
    return tx.one(Route, select(Route).where(*here).limit(1)) is not None


def routes_to(tx: Transaction, workspace_id: str) -> list[tuple[Shop, Route]]:
    """Return what comes to a workspace, with the shop it comes from, by the shops' names."""
    found = [(get(tx, route.shop_id), route) for route in every_route(tx) if route.workspace_id == workspace_id]
    return sorted(((shop, route) for shop, route in found if shop), key=lambda one: (one[0].name, one[1].kind))


def channels(tx: Transaction) -> list[tuple[str, str]]:
    """Return every channel that tickets go to, as (workspace, id)."""
    return sorted({(route.workspace_id, route.channel_id) for route in every_route(tx)})


def in_part(tx: Transaction, workspace_id: str) -> set[str]:
    """Return the shops of which only some tickets come to a workspace: others may go to another one alone."""
    routes = every_route(tx)
    whole = {
        (route.shop_id, route.kind)
        for route in routes
        if route.workspace_id == workspace_id and not route.has_conditions
    }
    return {
        route.shop_id
        for route in routes
        if route.workspace_id != workspace_id and (route.has_conditions or (route.shop_id, route.kind) not in whole)
    }


def every_route(tx: Transaction) -> list[Route]:
    """Return all routes."""
    return tx.all(Route, select(Route).order_by(Route.shop_id, Route.kind, Route.workspace_id, Route.channel_id))
