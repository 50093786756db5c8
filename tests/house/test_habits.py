"""Habits that keep tests trustworthy, errors visible and the repository free of anybody's machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import modules, name_of, nodes, strings, texts

# Where anything at all may be caught: at the edges, the worker's loop, and the writer that hands errors to its callers.
MAY_CATCH_ALL = {
    "chatops/app.py",
    "chatops/delivery/worker.py",
    "chatops/store/writer.py",
    "handlers/http/orders.py",
    "handlers/comparing.py",
    "handlers/timers/alarms.py",
    "handlers/discord/edge.py",
    "handlers/discord/gateway.py",
    "handlers/discord/lines.py",
    "handlers/slack/edge.py",
    "handlers/tiktok/inbox.py",
    "handlers/tiktok/poll.py",
    "handlers/tiktok/webhook.py",
}
EDGES = re.compile(r"handlers/[a-z]+/__init__\.py|handlers/http/errors\.py")

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Below 1024 nobody listens in a test; such an address stands for "nobody".
ADDRESS_WITH_PORT = re.compile(r"(?:https?|wss?)://(?:127\.0\.0\.1|localhost|\[::1\]):[1-9]\d{3,4}\b")
REGISTRIES = re.compile(r"pypi[.]org|pythonhosted[.]org|npmjs[.]org|registry[.]yarnpkg|conda[.]anaconda[.]org")
SOMEBODYS_MACHINE = re.compile(r"/(?:home|Users)/[a-z]\w*/|/(?:root|work)/\w|[A-Z]:\\Users")


def test_tests_wait_for_conditions_and_never_for_time() -> None:
    sleeping = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules("tests")
        for call in _calls(path)
        if _called(call) == "sleep" and any(_positive(argument) for argument in call.args)
    ]
    assert sleeping == []


def test_tests_listen_on_any_free_port() -> None:
    fixed = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules("tests")
        for node in nodes(path)
        if (isinstance(node, ast.keyword) and node.arg == "port" and _positive(node.value))
        or (isinstance(node, ast.Tuple) and _is_socket_address(node))
    ]
    fixed += [name_of(path) for path in modules("tests") for text in strings(path) if ADDRESS_WITH_PORT.search(text)]
    assert fixed == []


def test_every_test_always_runs() -> None:
    excused = [
        f"{name_of(path)}:{node.lineno} {node.attr}"
        for path in modules("tests")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail", "importorskip", "skipTest"}
        if _is_pytest(node.value)
    ]
    assert excused == []


def test_anything_is_caught_only_where_there_is_nobody_else_to_catch_it() -> None:
    swallowing = [
        f"{name_of(path)}:{handler.lineno}"
        for path in modules("chatops", "handlers", "migrations")
        if "sandbox" not in path.parts
        if name_of(path) not in MAY_CATCH_ALL and not EDGES.fullmatch(name_of(path))
        for handler in nodes(path)
        if isinstance(handler, ast.ExceptHandler) and _catches_all(handler) and not _raises_again(handler)
    ]
    assert swallowing == []


def test_no_package_registry_is_named() -> None:
    assert [name for name, text in texts() if REGISTRIES.search(text)] == []


def test_no_folder_of_somebodys_machine_is_named() -> None:
    named = [f"{name}: {found[0]}" for name, text in texts() if (found := SOMEBODYS_MACHINE.search(text))]
    assert named == []


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in nodes(path) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _positive(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and node.value > 0


def _is_socket_address(node: ast.Tuple) -> bool:
    match node.elts:
        case [ast.Constant(value=str(host)), port]:
            return host in LOOPBACK and _positive(port)
    return False


def _is_pytest(node: ast.expr) -> bool:
    """`pytest`, `pytest.mark`, `mark` or `self`, in front of the dot."""
    return getattr(node, "id", "") in {"pytest", "mark", "self", "unittest"} or getattr(node, "attr", "") == "mark"


def _catches_all(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or getattr(kind, "id", "") in {"Exception", "BaseException"} for kind in caught)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))
