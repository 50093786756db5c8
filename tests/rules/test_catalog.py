"""What a text or a reaction in a thread means."""

import pytest

from chatops.catalog import CATALOG, Entry, Verb, by_command, by_reaction, by_words, entry
from chatops.errors import NotUnderstood
from chatops.refs import message_ref, split_ref, ticket_ref


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("On its way", Verb.REPLY, "On its way"),
        ("  On its way \n", Verb.REPLY, "On its way"),
        ("", Verb.REPLY, ""),
        ("   ", Verb.REPLY, ""),
        ("// check with Ana", Verb.NOTE, "check with Ana"),
        ("//check", Verb.NOTE, "check"),
        ("  // check", Verb.NOTE, "check"),
        ("//", Verb.NOTE, ""),
        ("note: check", Verb.NOTE, "check"),
        ("Note:check", Verb.NOTE, "check"),
        ("NOTE: two\nlines", Verb.NOTE, "two\nlines"),
        ("see https://example.com // or not", Verb.REPLY, "see https://example.com // or not"),
        ("https://example.com", Verb.REPLY, "https://example.com"),
        ("/ slash", Verb.REPLY, "/ slash"),
        ("note that it is late", Verb.REPLY, "note that it is late"),
        ("notes: many", Verb.REPLY, "notes: many"),
        ("!claim", Verb.CLAIM, ""),
        ("!CLAIM", Verb.CLAIM, ""),
        ("!claim please", Verb.CLAIM, "please"),
        ("!claim\nplease", Verb.CLAIM, "please"),
        ("  !resolve", Verb.RESOLVE, ""),
        ("!reopen", Verb.REOPEN, ""),
        ("!help", Verb.HELP, ""),
        ("!snooze 明天9点", Verb.SNOOZE, "明天9点"),
        ("!no-reply", Verb.NO_REPLY, ""),
        ("!no", Verb.REPLY, "!no"),
        ("!claimed", Verb.REPLY, "!claimed"),
        ("!resolver", Verb.REPLY, "!resolver"),
        ("! claim", Verb.REPLY, "! claim"),
        ("please !claim", Verb.REPLY, "please !claim"),
        ("!!!", Verb.REPLY, "!!!"),
        ("İ// dotted", Verb.REPLY, "İ// dotted"),
    ],
)
def test_what_words_mean(text: str, verb: Verb, rest: str) -> None:
    found, left = by_words(text)
    assert (found.verb, left) == (verb, rest)


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("eyes", Verb.CLAIM),
        ("eyes::skin-tone-2", Verb.CLAIM),
        ("white_check_mark", Verb.RESOLVE),
        ("arrows_counterclockwise", Verb.REOPEN),
        ("alarm_clock", Verb.SNOOZE),
        ("rotating_light", Verb.ESCALATE),
        ("eye", None),
        ("tada", None),
        ("", None),
        ("::skin-tone-2", None),
    ],
)
def test_what_reactions_mean(name: str, verb: Verb | None) -> None:
    found = by_reaction(name)
    assert (found.verb if found else None) is verb


@pytest.mark.parametrize("said", [each for each in CATALOG if each.words], ids=lambda each: each.verb)
def test_what_is_typed_in_a_thread_is_a_command_too(said: Entry) -> None:
    assert by_command(said.command) is said


def test_there_is_no_verb_without_a_way() -> None:
    assert [each.verb for each in CATALOG if not (each.button or each.command or each.reactions)] == []
    assert by_command("") is by_command("desk") is by_command("undo") is None


def test_no_word_reaction_or_command_means_two_things() -> None:
    words = [word for each in CATALOG for word in each.words]
    reactions = [name for each in CATALOG for name in each.reactions]
    commands = [each.command for each in CATALOG if each.command]
    assert len(set(commands)) == len(commands)
    assert len(set(words)) == len(words)
    assert len(set(reactions)) == len(reactions)
    assert [entry(verb).verb for verb in Verb] == list(Verb)


def test_a_ref_is_read_as_it_was_written() -> None:
    assert split_ref(ticket_ref("749", "conversation.1")) == ("749", "conversation.1")
    assert split_ref(message_ref("749", "T0-C0-17.1/2-0")) == ("749", "T0-C0-17.1/2-0")


@pytest.mark.parametrize("ref", ["", "/", "749", "749/", "/conversation.1"])
def test_what_is_no_ref_is_not_understood(ref: str) -> None:
    with pytest.raises(NotUnderstood):
        split_ref(ref)
