"""What sites have in common and whether they differ by more than chance, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.labels import Words
from evalkit.present.sentences.notices import SIGNIFICANCE_LEVEL
from evalkit.present.sentences.parts import sentence_about, sentences_about
from evalkit.results import Estimate, SiteComparison

MOST_NAMED = 12


@sentences_about(SiteComparison)
def sites_sentences(
    found: SiteComparison, words: Words, *, labels: Sequence[str], outcome: str
) -> Sequence[str]:
    """The mean, whether chance covers the differences, a further site, and who lies outside.

    Args:
        labels: Printed names of the sites, in order.
        outcome: What those counted have done: "gått till arbete".
    """
    shown = [row for row in found.sites if isinstance(row, Estimate)]
    mean = words.say(
        "sites.sentence.mean",
        found.pooled,
        sites=the_sites(found.dimension, words),
        outcome=outcome,
        count=len(shown),
    )
    texts = [
        *([mean] if has_own_mean(found) else []),
        _by_chance(found, words),
        *_likeness(found, words),
        *_outside(found, labels, words),
    ]
    left_out = len(found.sites) - len(shown)
    if left_out:
        key = "one" if left_out == 1 else "many"
        texts.append(words.say(f"sites.sentence.left_out.{key}", count=left_out))
    return texts


def the_sites(dimension: str, words: Words) -> str:
    """The sites in running text: "kommunerna", "projekten", "grupperna"."""
    return _named("the", dimension, words)


def one_more(dimension: str, words: Words) -> str:
    """One more of the same kind: "Ytterligare en kommun"."""
    return _named("further", dimension, words)


def _named(which: str, dimension: str, words: Words) -> str:
    key = f"sites.{which}.{dimension}"
    return words.say(key if key in words.texts else f"sites.{which}.other")


def has_own_mean(found: SiteComparison) -> bool:
    """Whether the mean is of others than the project's own share is: two for one thing confuse."""
    is_partial = any(not isinstance(row, Estimate) for row in found.sites)
    return found.dimension == "project" or is_partial


def is_beyond_chance(found: SiteComparison) -> bool:
    """Whether the sites differ by more than chance alone makes likely."""
    return found.test.p_value < SIGNIFICANCE_LEVEL


@sentence_about(SiteComparison)
def chance_sentence(found: SiteComparison, words: Words) -> str:
    """Whether the sites differ by more than chance alone makes likely."""
    return _by_chance(found, words)


def message_sentence(found: SiteComparison, words: Words) -> str:
    """What a chart of the sites shows, by their test: "Kommunerna skiljer sig inte mer …"."""
    sites = the_sites(found.dimension, words)
    key = "beyond" if is_beyond_chance(found) else "within"
    return words.say(f"sites.message.{key}", sites=sites[:1].upper() + sites[1:])


def _by_chance(found: SiteComparison, words: Words) -> str:
    return words.say(
        f"sites.sentence.{'beyond' if is_beyond_chance(found) else 'within'}",
        sites=the_sites(found.dimension, words),
        p=words.numbers.p_value(found.test.p_value),
        part=words.numbers.percent(found.i_squared, decimals=0),
    )


def _likeness(found: SiteComparison, words: Words) -> tuple[str, ...]:
    """What sites that chance could explain may still hide, and where a further one may lie."""
    texts = []
    if not is_beyond_chance(found):
        texts.append(words.say("sites.sentence.not_alike", n=found.pooled.n))
    if found.spread > 0:
        texts.append(_further(found, words))
    return tuple(texts)


def _further(found: SiteComparison, words: Words) -> str:
    """Where a further site is to be expected; without spread it would claim too much."""
    return words.say(
        "sites.sentence.further",
        further=one_more(found.dimension, words),
        level=words.numbers.percent_short(found.further.confidence_level),
        interval=words.numbers.interval(found.further.low, found.further.high),
    )


def shortened(names: Sequence[str], words: Words) -> list[str]:
    """At most twelve names, and how many more there are."""
    if len(names) <= MOST_NAMED:
        return list(names)
    return [*names[:MOST_NAMED], words.say("alt.funnel.more", count=len(names) - MOST_NAMED)]


def _outside(found: SiteComparison, labels: Sequence[str], words: Words) -> tuple[str, ...]:
    """Who lies outside the narrower limits, beside how many chance would put there."""
    names = dict(zip((row.group for row in found.sites), labels, strict=True))
    outside = [names[point.row.group] for point in found.funnel.points if point.zone != "inside"]
    line = found.funnel.lines[0]
    level = words.numbers.percent_short(line.level)
    total, limits = len(found.funnel.points), "_widened" * (found.funnel.allowance != "none")
    if not outside:
        return (words.say(f"sites.sentence.all_inside{limits}", level=level),)
    return (
        words.say(
            f"sites.sentence.outside{limits}",
            level=level,
            count=len(outside),
            total=total,
            expected=words.numbers.number((1 - line.level) * total, decimals=1),
            names=words.labels.all_of(shortened(outside, words)),
        ),
    )
