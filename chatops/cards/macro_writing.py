"""The form in which a lead writes a macro, or what it says in one more language."""

from chatops.catalog import NEW, Verb
from chatops.i18n import _, language_name, negotiate
from chatops.model import macro as macros
from chatops.model.agent import Agent
from chatops.rules.languages import LANGUAGES
from chatops.rules.macro import choose
from chatops.store.transaction import Transaction
from chatops.ui import Form, Input, Option, Press

NAME, FOLDER, LANGUAGE, KEYWORDS, TEXT = "name", "folder", "language", "keywords", "text"  # the form's inputs
SHORT, LONG = 80, 2_000


def form(tx: Transaction, agent: Agent, ref: str) -> Form | None:
    """Return the form for a macro, or for a `NEW` one, in the language of whoever writes; None when it is gone."""
    macro = macros.get(tx, ref)
    if macro is None and ref != NEW:
        return None
    texts = {text.locale: text for text in macros.texts(tx, ref)}
    text = texts.get(choose([agent.locale, "en"], texts))
    own = negotiate(agent.locale).partition("_")[0]
    options = tuple(Option(_named(tag), tag) for tag in dict.fromkeys((*LANGUAGES, *texts)))
    return Form(
        title=_("Macro"),
        submit=_("Save"),
        cancel=_("Cancel"),
        press=Press(Verb.MACRO_WRITE, ref),
        inputs=(
            Input(NAME, _("Name"), macro.name if macro else "", _("What it answers, in a few words."), limit=SHORT),
            Input(FOLDER, _("Folder"), macro.folder if macro else "", optional=True, limit=SHORT),
            Input(LANGUAGE, _("Language of the text"), text.locale if text else own, options=options),
            Input(
                TEXT,
                _("What the buyer reads"),
                text.text if text else "",
                _("Write {example} where a name belongs.", example="{buyer.name}"),
                multiline=True,
                limit=LONG,
            ),
            Input(
                KEYWORDS,
                _("Words that buyers use"),
                ", ".join(text.keywords) if text else "",
                _("With a comma between them; it is found by them."),
                optional=True,
                limit=500,
            ),
        ),
    )


def _named(tag: str) -> str:
    """Return what a language is called; with its tag where that says more, as `pt-BR` does."""
    return language_name(tag) if tag in LANGUAGES else f"{language_name(tag)} ({tag})"
