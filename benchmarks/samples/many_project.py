"""The project file of a made-up project."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from benchmarks.samples.many import Plan
from benchmarks.samples.many_register import Counted

SUPPORT = {
    "Lön": "wage",
    "Studiemedel": "student_aid",
    "Försörjningsstöd": "social_assistance",
    "Aktivitetsstöd": "activity_support",
    "Ingen": "none",
}
EDUCATION = {"Förgymnasial": "isced_0_2", "Gymnasial": "isced_3_4", "Eftergymnasial": "isced_5_8"}
APPLICATION = {"sv": "Projektansökan (påhittad)", "en": "The application (made up)"}
ANNUAL_REPORT = {"sv": "Projektets årsrapport (påhittad)", "en": "Annual report (made up)"}
FEWEST_EXITS_CLAIMED = 30


def write_project_file(folder: Path, plan: Plan, counted: Counted) -> Path:
    file = folder / "project.yaml"
    text = yaml.dump(
        project_file(plan, counted), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100
    )
    file.write_text(text, encoding="utf-8")
    return file


def project_file(plan: Plan, counted: Counted) -> dict[str, Any]:
    """What ``project.yaml`` holds, in the order of the samples written by hand."""
    claims = _claims(plan, counted)
    comparisons = _before_after(plan) if plan.has("before_after") else []
    groups = ["sex", "target_group"]
    return {
        "id": plan.id,
        "title": {
            "sv": f"{plan.name[0]} – {plan.area}",
            "en": f"{plan.name[0]} ({plan.name[1]}) – {plan.area}",
        },
        "summary": _summary(plan),
        "actors": [f"{_genitive(name)} kommun" for name in plan.municipalities.values()],
        "period": {"start": plan.start, "end": plan.end},
        "data_cut": plan.data_cut,
        "funder": plan.round.funder,
        "programme": plan.round.programme,
        "is_synthetic": True,
        "registers": [_register(plan)],
        "groups": [*groups, "municipality"] if len(plan.municipalities) > 1 else groups,
        "targets": [_target(plan)],
        **({"before_after": comparisons} if comparisons else {}),
        **({"claims": claims} if claims else {}),
        "budget": {"amount": plan.budget, "currency": "SEK", "source": APPLICATION},
        **({"sites": [_sites()]} if plan.has("sites") else {}),
        "languages": ["sv", "en"],
        "chapters": _chapters(plan),
    }


class _Plain(yaml.SafeDumper):
    """Without anchors: a reader sees each value where it belongs."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name is PyYAML's
        return True


def _summary(plan: Plan) -> dict[str, str]:
    groups, places = plan.target_groups, list(plan.municipalities.values())
    sv = _enumerated([one.people[0] for one in groups], "och")
    en = _enumerated([one.people[1] for one in groups], "and")
    return {
        "sv": f"Påhittat projekt i {_enumerated(places, 'och')} för {sv}. Projektet, deltagarna "
        "och alla utfall är dragna av en slumpgenerator; kommunerna finns, men ingenting "
        "här säger något om dem.",
        "en": f"A made-up project in {_enumerated(places, 'and')} for {en}. The project, its "
        "participants and every outcome are drawn at random; the municipalities exist, but "
        "nothing here says anything about them.",
    }


def _enumerated(words: Iterable[str], conjunction: str) -> str:
    *first, last = words
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def _genitive(name: str) -> str:
    """Köpings kommun, but Borås and Umeå kommun: place names on a vowel take no s."""
    return name if name.endswith(tuple("sxzaeiouyåäö")) else f"{name}s"


def _register(plan: Plan) -> dict[str, Any]:
    register: dict[str, Any] = {"file": plan.register}
    if plan.register.endswith(".xlsx"):
        register["sheet"] = "Deltagare"
    register["values"] = {
        "target_group": {one.written: one.level for one in plan.target_groups},
        "education": EDUCATION,
        "support_before": SUPPORT,
        "support_after": SUPPORT,
    }
    register["levels"] = {
        "municipality": {code: {"sv": n, "en": n} for code, n in plan.municipalities.items()},
        "target_group": {
            one.level: dict(zip(("sv", "en"), one.label, strict=True)) for one in plan.target_groups
        },
    }
    if plan.follow_up:
        register["follow_up"] = {"file": plan.follow_up}
    return register


def _target(plan: Plan) -> dict[str, Any]:
    percent = round(plan.goal * 100)
    return {
        "id": "work-or-study",
        "title": {
            "sv": f"Minst {percent} procent av deltagarna till arbete eller studier",
            "en": f"At least {percent} per cent of the participants to work or study",
        },
        "goal": plan.goal,
        "outcome": ["employment", "studies"],
        "denominator": "participants",
        "source": APPLICATION["sv"],
    }


def _sites() -> dict[str, Any]:
    """The same question in every project, so that a portfolio can set their sites together."""
    return {
        "id": "municipalities",
        "title": {
            "sv": "Till arbete eller studier i kommunerna",
            "en": "To work or study in the municipalities",
        },
        "by": "municipality",
        "outcome": ["employment", "studies"],
        "denominator": "participants",
    }


def _before_after(plan: Plan) -> list[dict[str, Any]]:
    """Those who left in the first and in the second twelve months."""
    limits = [plan.start + timedelta(days=365 * year) for year in range(3)]
    first, second = pairwise(limits)
    return [
        {
            "id": "first-and-second-year",
            "title": {
                "sv": "Avslutade under projektets första och andra år",
                "en": "Leavers of the project's first and second year",
            },
            "before": _leavers("första året", "first year", *first),
            "after": _leavers("andra året", "second year", *second),
            "outcome": ["employment", "studies"],
            "warnings": ["work_and_study_pooled"],
        }
    ]


def _leavers(sv: str, en: str, start: date, end: date) -> dict[str, Any]:
    chosen = {"by": "exit", "start": start, "end": end - timedelta(days=1)}
    return {"label": {"sv": sv, "en": en}, "microdata": chosen}


def _claims(plan: Plan, counted: Counted) -> list[dict[str, Any]]:
    """Every third project has told how many of its leavers it succeeded with, without the n."""
    if plan.number % 3 or counted.exits < FEWEST_EXITS_CLAIMED:
        return []
    percent = (200 * counted.success + counted.exits) // (2 * counted.exits)
    return [
        {
            "id": "share-of-leavers",
            "quote": {
                "sv": f"{percent} procent har gått vidare till arbete eller studier (påhittat).",
                "en": f"{percent} per cent have gone on to work or study (made up).",
            },
            "source": ANNUAL_REPORT,
            "percentage": {"value": percent, "decimals": 0},
            "register_figure": {"measure": "share", "denominator": "participants"},
            "warnings": ["rate_without_n", "share_of_exits", "work_and_study_pooled"],
        }
    ]


def _chapters(plan: Plan) -> list[str]:
    order = ("before_after", "targets_and_claims", "sites", "costs", "esf_indicators")
    own = [name for name in order if name == "targets_and_claims" or plan.has(name)]
    return ["data_quality", "participants", "time_to_employment", *own]
