"""What a database error means to whoever wanted to write."""

from sqlalchemy.exc import DBAPIError, StatementError

from chatops.errors import Unconfirmed, Unwritable

# sqlite.org/rescode.html: BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
SQLITE_DOWN = {5, 6, 7, 8, 10, 11, 13, 14, 26}
# postgresql.org/docs/current/errcodes-appendix.html: connection, resources, operator intervention, system, and a
# transaction that may only read, as after a change to a standby
POSTGRES_DOWN = ("08", "53", "57P", "58", "25006")
# the database undid the transaction because of another one: deadlock, serialization, waited too long for a lock
POSTGRES_CLASH = ("40001", "40P01", "55P03")


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def is_down(error: BaseException) -> bool:
    """Say whether `error` is the database's condition rather than the statement's fault."""
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_DOWN
    return is_unreachable(error) or is_clash(error) or _state(error).startswith(POSTGRES_DOWN)


def is_unreachable(error: BaseException) -> bool:
    """Say whether the connection itself is gone (never so on SQLite)."""
    if not isinstance(error, DBAPIError) or hasattr(error.orig, "sqlite_errorcode"):
        return False
    nameless = type(error.orig).__name__ == "OperationalError" and not _state(error)
    return error.connection_invalidated or nameless or _state(error).startswith(("08", "57P"))


def is_clash(error: BaseException) -> bool:
    """Say whether two transactions got in each other's way, so that trying again helps."""
    return isinstance(error, DBAPIError) and _state(error) in POSTGRES_CLASH


def explained(error: BaseException, *, committing: bool = False) -> BaseException:
    """Return what a caller should see: `Unwritable`, `Unconfirmed`, or the error itself when it is his own."""
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return error.orig or error  # raised by a column: a naive instant, a missing key
    if not is_down(error):
        return error
    reason = str(getattr(error, "orig", error)).partition("\n")[0]
    meaning = Unconfirmed(reason) if committing and is_unreachable(error) else Unwritable(reason)
    meaning.__cause__ = error
    return meaning
