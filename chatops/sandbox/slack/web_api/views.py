"""views.*: modals and App Home."""

from collections.abc import Callable

from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.views import View, ViewRefused
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method, view_refused


def _given(call: Call) -> Json:
    view = call.args.get("view")
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments")
    return view


def _shown(make: Callable[[], View]) -> Json:
    try:
        return {"view": make().with_state()}
    except ViewRefused as refusal:
        raise view_refused(refusal) from None


def _person(call: Call) -> str:
    person, error = call.interactions.use_trigger(call.app, call.text("trigger_id"))
    if error:
        raise ApiError(error)
    return person


def open_view(call: Call) -> Json:
    """Open a modal for whoever caused the trigger."""
    person = _person(call)
    return _shown(lambda: call.views.open(call.app, person, _given(call)))


def push_view(call: Call) -> Json:
    """Put a modal on top of the one the person has open."""
    person = _person(call)
    return _shown(lambda: call.views.push(call.app, person, _given(call)))


def update_view(call: Call) -> Json:
    """Replace an open modal's content."""
    ids = call.text("view_id"), call.text("external_id"), call.text("hash")
    return _shown(lambda: call.views.update(call.app, _given(call), *ids))


def publish_view(call: Call) -> Json:
    """Show a person's App Home."""
    person = call.member("user_id", missing="user_not_found")
    return _shown(lambda: call.views.publish(call.app, person.id, _given(call), call.text("hash")))


METHODS = {
    "views.open": Method(open_view, (), ("view",), ("trigger_id", "interactivity_pointer"), per_minute=100),
    "views.push": Method(push_view, (), ("view",), ("trigger_id", "interactivity_pointer"), per_minute=100),
    "views.update": Method(update_view, (), ("view",), ("external_id", "hash", "view_id"), per_minute=100),
    "views.publish": Method(publish_view, (), ("user_id", "view"), ("hash",), per_minute=100),
}
