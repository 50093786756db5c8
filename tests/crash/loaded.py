"""What a running product has loaded, so that the processes forked from whoever imports this need not load it again."""

import gc

import handlers.discord.edge
import handlers.slack.edge  # noqa: F401 - the app loads the edge of the platform it has
import tests.crash.replica  # noqa: F401 - what is forked runs it
from chatops.rules import languages

languages.load()
gc.collect()
gc.freeze()  # so that no process forked from here looks through all that again
