"""What a reading of a register is worth beside its truth. The rules are told in cases/README.md."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

import evalkit
from evalkit import cli

OUTCOMES = ("participants.outcomes", "participants.conclusions")
# Words by which a text says that outcomes are not known of everybody.
UNKNOWN_WORDS = re.compile(
    r"okän|uppgift\w* saknas|saknas uppgift|saknas för|inte känt?\b|ej känt?d?\b|vet inte|vet ingen|"
    r"bortfall|mellan .{1,80} och|minst \d",
    re.I,
)
OUTCOME_SHARE = re.compile(
    r"gått till [^.]{0,60}?(\d+,\d|\d+)\s?%|\bhade ingen gått\b|\bhade alla gått\b", re.I
)


def told_of(folder: Path, wanted: dict[str, Any]) -> dict[str, Any]:
    """What was read, found and printed; a refusal as the sentence of an error of evalkit's own."""
    told: dict[str, Any] = {"state": "read", "text": {}}
    try:
        study = evalkit.open_study(folder, language="sv")
        told["findings"] = [dataclasses.asdict(found) for found in study.findings]
        told["figures"] = figures_of(study, wanted)
        names = [*wanted.get("text", {})]
        if needs_outcome_text(wanted):
            names += [name for name in OUTCOMES if name not in names]
        told["text"] = {name: evalkit.section_text(study, name) for name in names}
        if wanted.get("twin"):
            other = evalkit.open_study(folder / wanted["twin"], language="sv")
            told["twin_figures"] = figures_of(other, wanted)
            told["twin_text"] = {n: evalkit.section_text(other, n) for n in wanted.get("text", {})}
    except Exception as error:
        is_own = type(error).__module__.split(".")[0] == "evalkit" and len(str(error)) > 20
        if not is_own:
            raise
        told.update(state="refused", error=f"{type(error).__name__}: {error}")
    return told


def plain(text: str) -> str:
    """One kind of space."""
    return re.sub(r"\s+", " ", re.sub(r"[\u00a0\u202f\u2009\u2007]", " ", text)).strip()


def figures_of(study: object, wanted: dict) -> dict:
    persons = study.persons
    got: dict = {"persons": len(persons)}
    got["doubled"] = sorted({str(c) for c in persons.columns if [*persons.columns].count(c) > 1})
    got["exits"] = {str(k): int(v) for k, v in persons["exit_class"].value_counts().items()}
    if wanted.get("days_total") is not None:
        days = persons["days"]
        got["days_total"] = int(days.sum()) if days.ndim == 1 else "doubled"
    if "entries" in wanted:
        entries = persons["entry"].dropna()
        since = entries.dt.normalize()
        got["entries"] = {
            "first": str(since.min())[:10],
            "last": str(since.max())[:10],
            "days_after_2023": int(
                sum((day.date() - datetime.date(2023, 1, 1)).days for day in since)
            ),
        }
    if "sex" in wanted:
        got["sex"] = {str(k): int(v) for k, v in persons["sex"].value_counts().items()}
    for column in wanted.get("groups", {}):
        found = persons[column] if column in persons.columns else None
        if found is None or getattr(found, "ndim", 1) != 1:
            got.setdefault("groups", {})[column] = "absent" if found is None else "doubled"
        else:
            counts = found.astype(object).where(found.notna(), "").value_counts()
            got.setdefault("groups", {})[column] = {str(k): int(v) for k, v in counts.items()}
    for column in wanted.get("numbers", {}):
        found = persons[column] if column in persons.columns else None
        if found is None:
            got.setdefault("numbers", {})[column] = "absent"
        else:
            values = found.astype(float)
            got.setdefault("numbers", {})[column] = {
                "n": int(values.notna().sum()),
                "sum": round(float(values.sum()), 2),
            }
    if "events" in wanted:
        events = study.dated_statuses if hasattr(study, "dated_statuses") else study.intake.events
        got["events"] = int(events["person"].isin(set(persons["person"])).sum())
    return got


def needs_outcome_text(wanted: dict) -> bool:
    """Whether the sentences on outcomes are part of what is judged."""
    return wanted["accept"] != ["truth"] or bool(wanted.get("no_plain_share")) or "shares" in wanted


class Case:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        self.told: dict[str, Any] = {}
        self._check: tuple[int, str] | None = None

    def check(self) -> tuple[int, str]:
        """Exit code and output of the command."""
        if self._check is None:
            ended = CliRunner().invoke(cli.app, ["check", str(self.folder)])
            code, printed = ended.exit_code, ended.output
            if ended.exception is not None and not isinstance(ended.exception, SystemExit):
                code, sentence = cli._told(ended.exception)
                printed += sentence
            self._check = code, plain(printed)
        return self._check

    def fault(self) -> str:
        """Why the case does not pass; empty where it does."""
        self.told = told_of(self.folder, self.truth)
        accept = self.truth["accept"]
        if self.told["state"] == "refused":
            return self.stopped() if "stop" in accept else self.told["error"]
        why = [*self.differences(), *self.unsaid()]
        if "truth" in accept and not why:
            return ""
        if "said" in accept and not self.said():
            return ""
        if "stop" in accept and not self.stopped():
            return ""
        return "; ".join(why) or "only a stop or a said error is right"

    def findings_text(self) -> str:
        found = self.told.get("findings", [])
        places = " ".join(
            f"{f['check']} {f['file']} {f['column']} {' '.join(f['listing'])}" for f in found
        )
        return f"{places} {self.check()[1]}"

    def differences(self) -> list[str]:
        wanted, got, out = self.truth, self.told["figures"], []
        for key in ("persons", "exits", "days_total", "entries", "sex", "events"):
            if wanted.get(key) is not None and got.get(key) != wanted[key]:
                out.append(f"{key} {_short(wanted[key])}, got {_short(got.get(key))}")
        for key in ("groups", "numbers"):
            for column, value in (wanted.get(key) or {}).items():
                found = got.get(key, {}).get(column)
                if found != value:
                    out.append(f"{column} {_short(value)}, got {_short(found)}")
        if got.get("doubled"):
            out.append(f"columns that stand twice: {', '.join(got['doubled'])}")
        if "twin_figures" in self.told and self.told["twin_figures"] != got:
            out.append("other order of rows gives other figures")
        for name, text in (self.told.get("twin_text") or {}).items():
            if text != self.told["text"].get(name):
                out.append(f"other order of rows gives another {name}")
        return out

    def unsaid(self) -> list[str]:
        """What the findings or the texts should say, or should not."""
        out = []
        for pattern in self.truth.get("must_say", []):
            if not re.search(pattern, self.findings_text(), re.I):
                out.append(f"findings do not say /{pattern}/")
        for name, rules in self.truth.get("text", {}).items():
            text = self.told["text"].get(name, "")
            out += [
                f"{name} says /{p}/" for p in rules.get("never", []) if re.search(p, text, re.I)
            ]
            out += [
                f"{name} lacks /{p}/" for p in rules.get("must", []) if not re.search(p, text, re.I)
            ]
            for order in rules.get("orders", []):
                places = [text.find(word) for word in order]
                if -1 in places or places != sorted(places):
                    out.append(f"{name}: order is not {' < '.join(order)}")
        for label, percent in self.truth.get("shares", {}).items():
            if not re.search(rf"(?<![\d,]){re.escape(percent)} %", self.told["text"][OUTCOMES[0]]):
                out.append(f"share {label} {percent} % is not printed")
        if self.truth.get("no_error"):
            out += [
                f"error finding {f['check']}"
                for f in self.told["findings"]
                if f["severity"] == "error"
            ]
        if self.truth.get("no_plain_share") and (bare := self.bare_share()):
            out.append(bare)
        if self.truth.get("check_prints"):
            code, printed = self.check()
            if code not in (0, 1) or _is_accident(printed):
                out.append(f"check ended with {code}: {printed[-160:]}")
        return out

    def bare_share(self) -> str:
        """An outcome's share printed without a word of those whose outcome is not known."""
        for name in OUTCOMES:
            parts = self.told["text"].get(name, "").split(" ¶ ")
            for i, part in enumerate(parts):
                around = " ".join(parts[max(0, i - 1) : i + 2])
                if OUTCOME_SHARE.search(part) and not UNKNOWN_WORDS.search(around):
                    return f"{name} prints a share as if nothing were unknown"
        return ""

    def stopped(self) -> str:
        """Why this is no clear stop; empty if it is one."""
        if self.told["state"] == "refused":
            message = self.told["error"]
        elif self.told["state"] == "read":
            errors = [f for f in self.told["findings"] if f["severity"] == "error"]
            shown = "".join(self.told["text"].get(n, "%") for n in OUTCOMES)
            if not errors or (self.told["figures"]["persons"] and "%" in shown):
                return "figures are given"
            message = self.findings_text()
        else:
            return self.told["state"]
        files = self.truth.get("files") or [
            p.name for p in self.folder.iterdir() if p.name not in ("project.yaml", "truth.json")
        ]
        message = unicodedata.normalize("NFC", message)
        for pattern in [
            "|".join(re.escape(unicodedata.normalize("NFC", f)) for f in files),
            *self.truth.get("stop_names", []),
        ]:
            if not re.search(pattern, message, re.I):
                return f"the refusal does not name /{pattern}/: {message}"
        code, printed = self.check()
        if code not in (1, 2) or _is_accident(printed):
            return f"check ended with {code}: {printed[-80:]}"
        return ""

    def said(self) -> str:
        """Why it is not said which rows could not be used; empty if it is."""
        rule = self.truth.get("said", {})
        errors = [f for f in self.told.get("findings", []) if f["severity"] == "error"]
        if "column" in rule:
            errors = [
                f for f in errors if re.search(rule["column"], f"{f['column']} {f['check']}", re.I)
            ]
        if "rows" in rule:
            told = {r for f in errors for r in f["rows"]}
            if not set(rule["rows"]) <= told:
                return f"no error names the {len(rule['rows'])} rows"
        elif not errors:
            return "no error finding"
        got, wanted = self.told["figures"], self.truth
        for name, most in rule.get("at_most", {}).items():
            if got["exits"].get(name, 0) > most:
                return f"{name} at most {most}, got {got['exits'].get(name, 0)}"
        bare = self.bare_share() if rule.get("outcomes", True) else ""
        if bare and got["persons"] != wanted["persons"]:
            return f"said, but shares of {got['persons']} instead of {wanted['persons']} persons"
        return f"said, but {bare}" if bare else ""


def _is_accident(printed: str) -> bool:
    return (
        re.search(
            r"Traceback|unforeseen|[A-Z]\w+(Error|Exception)\b|Unsafe\w+|ended with (None|-)",
            printed,
        )
        is not None
    )


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace('"', "")
