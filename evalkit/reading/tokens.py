"""A text cut into words, numbers and signs, in sentences; offsets are those of the text given."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evalkit.reading.lexicon import Language, Lexicon, lexicon, word_set, words_named

# Character for character, so that no offset moves.
_ALIKE = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ",
        "\u2012": "–", "\u2014": "–", "\u2011": "-", "\u2010": "-", "\u2212": "-",
        "\u2019": "'", "\u2018": "'", "\u201d": '"', "\u201c": '"'
    }
)  # fmt: skip
_TOKEN = re.compile(
    r"(?P<number>(?<!\d)\d{1,3}(?: \d{3}){1,4}(?:,\d{1,3})?(?![\d:])|\d{1,15}(?:[.,]\d{1,15}){0,5})"
    r"|(?P<word>[^\W\d_](?:[^\W\d_]|['’-](?=[^\W_])|\d){0,59})"
    r"|(?P<sign>[^\w\s]|_)"
)
_TIGHT = frozenset("-:/§#@_")
_SWEDISH_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_ENGLISH_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_UNIT_AFTER = re.compile(
    r"(?:m|mn|bn|k|kr|mkr|mnkr|tkr|msek|ksek|sek|mdkr|st|pct)\b", re.IGNORECASE
)
_LINE = re.compile(r"[^\r\n]+")
_SHORT_LINE = 60
_TITLE = 100
_LONGEST_SENTENCE = 120  # words; what runs on longer is a list, and is cut
_ANSWER = 12  # words
_CLOSING = frozenset("\"'»)")
_SWEDISH = word_set("och att det som en på är av för med den till har inte om ett var i procent")
_ENGLISH = word_set("the of and to in is that for it was on with as by at from per were have")
_OF_NOTHING = word_set("relative_period ref")
_IT = words_named("it")
_OUT_OF = word_set("lämnat lämnade lämna lämnar ur left leave leaving")  # persons, no area
_THE_MOVE = word_set("nedgången uppgången minskningen ökningen nivån förändringen")
_SUBJECT = 6  # words: för utrikes födda är förändringen
_THEM = word_set("dem dessa de them these they")


@dataclass(slots=True)
class Token:
    """A word, a number or a sign. ``value`` is that of a number in digits or in words."""

    start: int
    end: int
    text: str
    word: str
    value: float | None = None
    decimals: int | None = None
    is_digits: bool = False
    is_glued: bool = False


@dataclass(slots=True)
class Sentence:
    """Tokens of one sentence, and what its words do: tag → (first, after last) positions."""

    index: int
    paragraph: int
    tokens: list[Token]
    cues: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    ends: dict[tuple[str, int], int] = field(default_factory=dict)
    is_heading: bool = False
    is_about_area: bool = False
    last: Sentence | None = None  # the one before, where this one speaks of its time: då
    head: Sentence | None = None  # of a cell in a table: what its column or its row is named
    column: Sentence | None = None  # of a cell: the first of its column
    row: tuple[int, int] | None = None  # of a cell: where its line stands

    def has(self, *tags: str) -> bool:
        return any(tag in self.cues for tag in tags)

    def at(self, tag: str, i: int) -> int:
        """The position after a cue that begins at ``i``, or 0."""
        return self.ends.get((tag, i), 0)

    def covers(self, tag: str, i: int) -> bool:
        return any(a <= i < b for a, b in self.cues.get(tag, ()))

    def between(self, tag: str, first: int, after: int) -> bool:
        """Whether a cue begins within positions ``first`` … ``after`` − 1."""
        return any(first <= a < after for a, _ in self.cues.get(tag, ()))

    def starts(self, tag: str) -> list[int]:
        return [a for a, _ in self.cues.get(tag, ())]

    def word(self, i: int) -> str:
        return self.tokens[i].word if 0 <= i < len(self.tokens) else ""


def alike(text: str) -> str:
    """The text with spaces, dashes and quotation marks of one kind; as long as it was.

    The tabs of a table pasted from a sheet become the bars of a table in text.
    """
    barred = _LINE.sub(_barred, text) if "\t" in text else text
    return barred.translate(_ALIKE)


def _barred(line: re.Match[str]) -> str:
    return line[0].replace("\t", "|") if line[0].count("\t") > 1 else line[0]


def language_of(text: str) -> Language:
    """Swedish or English, by the commonest short words.

    >>> language_of("64 per cent of participants moved into work")
    'en'
    """
    words = re.findall(r"[^\W\d_]{2,12}", text[:20_000].lower())
    swedish = sum(w in _SWEDISH or "å" in w or "ä" in w or "ö" in w for w in words)
    english = sum(w in _ENGLISH for w in words)
    if english == swedish:  # rows and headings: by the words that do something in each
        both = [sum(lexicon(one).knows(w) for w in words) for one in ("en", "sv")]
        return "en" if both[0] > both[1] else "sv"
    return "en" if english > swedish else "sv"


def sentences_of(text: str, language: Language) -> list[Sentence]:
    """The sentences of a text with the cues in them."""
    words = lexicon(language)
    plain = alike(text)
    found: list[Sentence] = []
    told_of_area = False
    for paragraph, (start, end, is_heading) in enumerate(_paragraphs(plain)):
        tokens = list(_tokens(plain, start, end, words))
        for part in _split(tokens, plain, words):
            sentence = Sentence(len(found), paragraph, part, is_heading=is_heading)
            _find_cues(sentence, words)
            sentence.is_about_area = _names_area(sentence) or _speaks_on_of_area(
                sentence, found[-1] if found else None, told_of_area=told_of_area
            )
            told_of_area |= sentence.is_about_area
            told = found and (sentence.has("then") or _only_dates(found[-1]))
            sentence.last = found[-1] if told else None
            found.append(sentence)
    _name_cells(found)
    return found


def _only_dates(s: Sentence) -> bool:
    """2022 var ett bottenår: what follows is of that year."""
    return s.word(0).isdigit() and not any((t.value or 1) != 1 for t in s.tokens[1:])


def _name_cells(sentences: list[Sentence]) -> None:
    """Give every cell of a table the heading of its column, or that of its row."""
    heads: list[Sentence] = []
    for _, row in itertools.groupby(sentences, key=lambda one: one.paragraph):
        cells = [one for one in row if one.word(0) != "|"]
        if sum(one.tokens[-1].text == "|" for one in cells) < 2:
            heads = []
        elif len(cells) - len(heads) not in (0, 1) or not heads:
            heads = cells
        else:  # the column of names may have no heading of its own
            for head, cell in zip(heads[len(heads) - len(cells) + 1 :], cells[1:], strict=True):
                cell.head = head if head.cues.keys() - _OF_NOTHING else cells[0]
                cell.column = head
                cell.row = cells[0].tokens[0].start, cells[-1].tokens[-1].end


def _names_area(s: Sentence) -> bool:
    """Unemployment; or so many of the residents out of work."""
    if any(s.word(a - 1) not in _OUT_OF for a in s.starts("area")):
        return True
    takes_part = (a for tag in ("participation", "exit") for a in s.starts(tag))
    owned = any(t.text[:1].isupper() and t.word.endswith("s") and s.at("person", i + 1)
                for i, t in enumerate(s.tokens))  # fmt: skip
    is_of_place = s.has("jobless") and (owned or s.has("inhabitants", "place"))
    return is_of_place and all(s.covers("jobless", a) for a in takes_part)


def _speaks_on_of_area(sentence: Sentence, last: Sentence | None, *, told_of_area: bool) -> bool:
    """Whether ``it now stands at`` follows on a sentence about an area."""
    works = any(not sentence.covers("jobless", a) for a in sentence.starts("work"))
    is_of_lives = works or sentence.has("study", "exit", "mean")
    if told_of_area and sentence.has("jobless", "households") and not is_of_lives:
        return sentence.has("households") or not names_participants(sentence)
    has_persons = sentence.has("outcome", "exit", "participation")
    if told_of_area and sentence.has("rate") and not has_persons:
        return True
    if last is not None and last.is_about_area and any(sentence.word(i) in _THEM for i in range(5)):
        return not is_of_lives
    moves = any(t.word in _THE_MOVE for t in sentence.tokens[:_SUBJECT])
    if told_of_area and moves and not is_of_lives and not names_participants(sentence):
        return True
    if sentence.has("person", "outcome", "exit"):
        return False
    return last is not None and last.is_about_area and _goes_on_from(sentence, last)


def _goes_on_from(sentence: Sentence, last: Sentence) -> bool:
    if last.is_heading and sentence.has("percent") and sentence.paragraph == 1:
        return True
    if last.paragraph != sentence.paragraph:
        return False
    return sentence.word(0) in _IT or any(sentence.word(i) in ("den", "it") for i in range(1, 5))


def names_participants(s: Sentence) -> bool:
    return any("deltag" in t.word or t.word.startswith("participant") for t in s.tokens)


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Stretches between breaks: a blank line, or a line end after which something new begins.

    The last value tells whether the stretch is one line without a full stop: a heading.
    """
    start = end = -1
    for line in _LINE.finditer(text):
        if not line[0].strip():
            continue
        if start >= 0 and _breaks(text, end, line.start()):
            yield start, end, _is_heading(text[start:end])
            start = -1
        if start < 0:
            start = line.start()
        end = line.start() + len(line[0].rstrip())
    if start >= 0:
        yield start, end, _is_heading(text[start:end])


def _is_heading(text: str) -> bool:
    return text.rstrip("\"'»)")[-1:] not in (".", "!", "?") and "\n" not in text


def _breaks(text: str, end: int, next_start: int) -> bool:
    """Whether a new line begins something new and is not a wrapped line."""
    gap = text[end:next_start]
    if gap.replace("\r\n", "\n").replace("\r", "\n").count("\n") > 1:
        return True
    rest = text[next_start : next_start + _SHORT_LINE].lstrip()
    if text[end - 1] in ".!?:;" or rest[:1] in "–-•*·|":
        return True
    line_start = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
    longest = _TITLE if line_start < _SHORT_LINE // 10 else _SHORT_LINE
    return end - line_start < longest and (rest[:1].isupper() or rest[:1].isdigit())


def _tokens(text: str, start: int, end: int, words: Lexicon) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        token = Token(match.start(), match.end(), match[0], _lower(match[0]))
        if match.lastgroup == "number":
            token.is_digits = True
            token.value, token.decimals = _number(match[0], words.language)
            token.is_glued = _is_glued(text, match.start(), match.end())
        elif match.lastgroup == "word" and token.word in words.numbers:
            token.value, token.decimals = float(words.numbers[token.word]), 0
        yield token


def _lower(text: str) -> str:
    return text.lower() if len(text.lower()) == len(text) else text


def _is_glued(text: str, start: int, end: int) -> bool:
    """Whether a number is part of something longer: 2003:1210, BW-1187, 040-628, 3B."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[end : end + 9].lower() == "-procents":
        return False  # 45-procentsmålet
    beyond, earlier = text[end + 1 : end + 2], text[max(0, start - 2) : max(0, start - 1)]
    if after.isalpha() and _UNIT_AFTER.match(text, end):
        after = ""
    if before.isalpha() or after.isalpha() or before in "@#_§":
        return bool(before or after) and (before.isalpha() or after.isalpha() or before != "")
    if before and before in _TIGHT:
        return not (before == "-" and earlier.isspace())
    return bool(after) and after in _TIGHT and beyond.isalnum()


def _number(text: str, language: Language) -> tuple[float | None, int | None]:
    """Value and printed decimals of a number in digits."""
    plain = text.replace(" ", "")
    if language == "sv" and _SWEDISH_THOUSANDS.fullmatch(plain):
        return float(plain.replace(".", "")), 0
    if language == "en" and _ENGLISH_THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    if plain.count(".") > 1:
        return None, None
    return float(plain), len(plain.partition(".")[2])


def _split(tokens: list[Token], text: str, words: Lexicon) -> Iterator[list[Token]]:
    """Sentences of a paragraph."""
    held: list[Token] = []
    for i, token in enumerate(tokens):
        held.append(token)
        if len(held) >= _LONGEST_SENTENCE:
            yield held
            held = []
            continue
        if token.text in (".", "!", "?", "|", "•") and _ends(tokens, i, text, words):
            yield held
            held = []
    if held:
        yield held


def _answers(tokens: list[Token], i: int) -> bool:
    """Whether a few words with a number follow a question: Time to a job? Nine weeks."""
    for j in range(i, min(i + _ANSWER, len(tokens))):
        if tokens[j].text in ".!?":
            return any(t.value is not None for t in tokens[i:j])
    return False


def _ends(tokens: list[Token], i: int, text: str, words: Lexicon) -> bool:
    if tokens[i].text in ("|", "•") or i + 1 == len(tokens):
        return True
    if tokens[i].text == "?" and _answers(tokens, i + 1):
        return False
    following = tokens[i + 1]
    if tokens[i].end == following.start and following.text not in _CLOSING:
        return False
    if tokens[i].text == "." and i and tokens[i - 1].word in words.abbreviations:
        return False
    if (
        tokens[i].text == "."
        and i
        and len(tokens[i - 1].text) == 1
        and tokens[i - 1].text.isupper()
    ):
        return False
    first = text[following.start]
    return first.isupper() or first.isdigit() or first in "–-\"'»(•£€$"


def _find_cues(sentence: Sentence, words: Lexicon) -> None:
    plain = [token.word for token in sentence.tokens]
    for i in range(len(plain)):
        for tag, after in words.cues_at(plain, i, len(plain)):
            sentence.cues.setdefault(tag, []).append((i, after))
            sentence.ends[tag, i] = max(after, sentence.ends.get((tag, i), 0))
    towards = [a for a in sentence.starts("contrast") if plain[a] == "mot"
               and (sentence.at("work", a + 1) or sentence.at("study", a + 1))]  # fmt: skip
    if towards:  # 33 av dem mot arbete: no figure to set beside
        sentence.cues["contrast"] = [
            one for one in sentence.cues["contrast"] if one[0] not in towards
        ]
        for a in towards:
            del sentence.ends["contrast", a]
