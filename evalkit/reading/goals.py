"""Goals: which figures are one, and which result they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.reading.claim import Claim
from evalkit.reading.context import Candidate, clause_of
from evalkit.reading.lexicon import word_set
from evalkit.reading.tokens import Sentence

_GOAL_REACH = 14
_BREAKING = word_set(", ; : men but medan while")
_TURNS = word_set("; men but")
_JOINS = word_set("och and varav därav whom")
_BOTH = word_set("båda bägge both neither ingendera")


def is_goal(one: Candidate, here: Sequence[Candidate]) -> bool:
    s, q = one.sentence, one.q
    if q.unit in ("money", "score", "points") and q.detail != "return":
        return False
    if one.why == "result of a goal" or (s.has("no_goal") and not s.has("goal_verb")):
        return False
    if s.between("planned", max(0, q.begins - 2), q.begins) or one.why == "planned":
        return True  # att jämföra med planerade 400
    follows = any(a in (q.after, q.after - 1) for a in s.starts("goal_noun"))
    follows |= s.word(q.after) in ("i", "in") and q.after + 1 in s.starts("goal_noun")
    if (follows and not s.at("of", q.after)) or _ends_with_goal_word(q.after, s):
        return True
    if s.word(q.begins - 1) in ("the", "de") and s.between("asked_for", q.after, q.after + 6):
        return True
    told = {c.q.after for c in here}  # the 45 per cent target: 41 per cent
    nouns = [(a, b) for a, b in s.cues.get("goal_noun", ()) if b <= q.begins and a not in told]
    if nouns:
        return _is_after_goal(one, here, max(a for a, _ in nouns))
    return _is_planned(one)


def _ends_with_goal_word(after: int, s: Sentence) -> bool:
    """``60 procent, som var målet`` is told by the noun alone."""
    if s.word(after) not in ("som", "which", "that"):
        return False
    return any(a < clause_of(s, after)[1] for a in s.starts("goal_noun") if a > after)


def _is_after_goal(one: Candidate, here: Sequence[Candidate], goal: int) -> bool:
    s, q = one.sentence, one.q
    first = min((b for a, b in s.cues["goal_noun"] if a == goal), default=goal)
    if s.covers("reached", goal) and ":" in (s.word(i) for i in range(first, q.begins)):
        return False  # nådde målet: 52 procent
    results = [i for i in s.starts("result_word") if first <= i < q.begins]
    if results and not s.between("goal_verb", results[-1], q.begins):
        return False
    between = [c for c in here if first <= c.q.begins < q.begins]
    if between:
        joined = {s.word(i) for i in range(between[-1].q.after, q.begins)}
        breaking = _BREAKING - {","} if joined & {"varav", "därav", "whom"} else _BREAKING
        return len(joined & _JOINS) > 0 and not joined & breaking
    return q.begins - first <= _GOAL_REACH or s.has("goal_verb")


def _is_planned(one: Candidate) -> bool:
    """will, are expected to, ska: told of what has not happened."""
    s, q = one.sentence, one.q
    verbs = s.starts("goal_verb") + [a for a in s.starts("future") if a <= 1]
    if not verbs or (q.unit == "times" and q.detail == "return"):
        return False
    told = sorted(i for t in ("result_word", "did") for i in s.starts(t) if i < q.begins)
    if (told and all(v < told[-1] for v in verbs)) or s.has("survey", "respondents"):
        return False
    breaks = [i for i in range(q.begins) if s.word(i) in _TURNS and not s.at("person", i)]
    verbs = [
        v
        for v in verbs
        if not (s.between("believes", q.after, v) or s.between("contrast", q.after, v))
    ]  # längre än vi hade räknat med
    end = min(clause_of(s, q.first)[1], q.after + 7)
    return any(max(breaks, default=-1) < v < q.begins or q.after <= v < end for v in verbs)


def join_goal(goal: Candidate, claims: Sequence[Claim], sentences: Sequence[Sentence]) -> bool:
    s, unit = goal.sentence, goal.q.unit
    open_ = [c for c in claims if c.unit == unit and c.goal is None and not c.is_change
             and c.main.role != "goal" and not c.is_difference]  # fmt: skip
    if s.has("goal_noun", "result_word", "goal_verb", "asked_for", "planned"):
        same = [c for c in open_ if c.s is s]
        if same:
            return _with_goal(min(same, key=lambda c: abs(c.begins - goal.q.begins)), goal)
    near = [
        c for c in open_ if 0 < abs(c.s.index - s.index) <= 2 and c.s.paragraph >= s.paragraph - 1
    ]
    if not near or not _tells_reached(goal, sentences, near):
        return False
    nearest = min(near, key=lambda c: _distance(c, s))
    if any(s.word(i) in _BOTH for i in range(3)):  # båda orterna missade målet 50 procent
        for beside in (c for c in near if c.s is nearest.s):
            beside.goal = goal
    return _with_goal(nearest, goal)


def _distance(claim: Claim, s: Sentence) -> tuple[int, int, int, int]:
    after = claim.s.index > s.index
    told = claim.s.has("result_word") and after and not s.has("reached")
    hedged = int(claim.hedge is not None or claim.form in ("fraction", "proportion"))
    return (0 if told else 1, abs(claim.s.index - s.index), hedged, int(after))


def _tells_reached(goal: Candidate, sentences: Sequence[Sentence], near: Sequence[Claim]) -> bool:
    """Whether the text says of this goal that it was reached, missed or exceeded."""
    s = goal.sentence
    told_beside = any(a >= goal.q.after for a in s.starts("more")) and not s.has("contrast")
    if s.has("reached") or told_beside:  # hade siktat på 50 och hamnade en bit högre
        return True
    head = sentences[0]
    if head.is_heading and head.has("reached") and s.has("goal_noun"):
        return True
    following = sentences[s.index + 1] if s.index + 1 < len(sentences) else None
    if following is None or following.paragraph > s.paragraph + 1:
        return False
    if following.has("reached") and (
        following.has("goal_noun") or following.word(0) in ("det", "it", "this", "den")
    ):
        return True
    return following.has("result_word") and any(c.s is following for c in near)


def _with_goal(claim: Claim, goal: Candidate) -> bool:
    claim.goal = goal
    return True
