"""Pieces that every sentence is made of: the interval in brackets, the group, the mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

from evalkit.present.labels import Words
from evalkit.results import Released

LABEL_WORDS = 4
S = TypeVar("S")
P = ParamSpec("P")
T = TypeVar("T")
_Writes = Callable[Concatenate[S, Words, P], T]
_Tells = Callable[Concatenate[Released[Any], Words, P], T]


def outcome_was(words: Words, *outcomes: str) -> str:
    """What those with one of the outcomes have done: "gått till arbete eller studier"."""
    return words.labels.done(outcomes)


def outcome_is(words: Words, *statuses: str) -> str:
    """What those with one of the statuses are: "i arbete eller studier"."""
    return words.labels.being(statuses)


def titled(sentence: str, words: Words, *, title: str) -> str:
    """The sentence after its group or title, "Kvinnor: …", or as it is."""
    if not title:
        return sentence
    if len(title.split()) > LABEL_WORDS:
        return words.say("sentence.titled", title=title, sentence=sentence)
    # After a label and a colon the sentence goes on.
    begun = sentence[:1].lower() + sentence[1:]
    return words.say("sentence.labelled", title=title, sentence=begun)


def finished(released: Released[Any], sentence: str, words: Words, *, title: str = "") -> str:
    """The sentence with its title, marked where the figure is exact and not released."""
    text = titled(sentence, words, title=title)
    if released.is_internal:
        return words.say("sentence.internal", sentence=text)
    return text


def all_finished(
    released: Released[Any], sentences: Sequence[str], words: Words
) -> tuple[str, ...]:
    """Sentences that belong together: marked at the last."""
    *body, last = sentences
    return (*body, finished(released, last, words))


def sentences_about(
    shape: type[S],
) -> Callable[[_Writes[S, P, Sequence[str]]], _Tells[P, tuple[str, ...]]]:
    """Sentences of a released result; why there are none, where it is not of the shape.

    Those of exact figures are marked at the last.
    """

    def made(write: _Writes[S, P, Sequence[str]]) -> _Tells[P, tuple[str, ...]]:
        def told(
            released: Released[Any], words: Words, /, *args: P.args, **facts: P.kwargs
        ) -> tuple[str, ...]:
            found = released.result
            is_there = isinstance(found, shape)
            said = write(found, words, *args, **facts) if is_there else (words.reason(found),)
            return all_finished(released, said, words) if said else ()

        update_wrapper(told, write)
        return told

    return made


def sentence_about(shape: type[S]) -> Callable[[_Writes[S, P, str]], _Tells[P, str]]:
    """As `sentences_about`, of one sentence."""

    def made(write: _Writes[S, P, str]) -> _Tells[P, str]:
        def told(released: Released[Any], words: Words, /, *args: P.args, **facts: P.kwargs) -> str:
            found = released.result
            is_there = isinstance(found, shape)
            said = write(found, words, *args, **facts) if is_there else words.reason(found)
            return finished(released, said, words)

        update_wrapper(told, write)
        return told

    return made
