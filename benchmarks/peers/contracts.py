"""The project's rules as one JSON value, for a peer that is not written in Python.

Nothing is typed twice: texts, lengths, words, parties and schemas are taken from the modules that
judge by them, some of them out of the functions into which a declaration was compiled.
"""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from credit_bus.contracts import exact, headers, refusals, wire
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain import dates, event, generations, identifiers, records, subjects, text
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.generations import OWN_FIELDS, Generation
from credit_bus.domain.registry import Party, Route
from credit_bus.domain.rules import RULES
from credit_bus.flows import gate
from credit_bus.flows import refusals as gate_refusals

Value = dict[str, Any]


def write_contracts(path: Path, folder: Path) -> None:
    """Write the file that the peer reads at its start, by the registry in the folder."""
    path.write_text(json.dumps(contracts(folder), ensure_ascii=False, indent=1), encoding="utf-8")


def contracts(folder: Path) -> Value:
    """Return everything that gate and router need to know for licences and penalties of 2018."""
    registry = load_registry(folder)
    person, organisation = _texts(subjects._PERSON), _texts(subjects._ORGANISATION)
    rules = {**RULES, **refusals.WIRE_RULES, **gate_refusals.GATE_RULES}
    return {
        "registry_version": registry.version,
        "parties": {code: _party(party) for code, party in registry.parties.items()},
        "routes": [_route(route) for route in registry.routes],
        "uscc_exceptions": sorted(registry.uscc_exceptions),
        "event_types": {name: asdict(row) for name, row in EVENT_TYPES.items()},
        "schemas": [
            {"id": each.id, "type": each.type, "version": each.version, "schema": each.raw}
            for each in load_catalogue().all
        ],
        "rules": {code: {"rule": row.rule, "remedy": row.remedy} for code, row in rules.items()},
        "headers": headers.HEADERS,
        "texts": {
            "subject": person,
            "representative": [row for row in organisation if row not in person],
            "licence": _texts(records._LICENCE),
            "penalty": _texts(records._PENALTY),
        },
        "words": {
            "generation": _words(generations._word),
            "id_type": _words(subjects._id_type),
            "licence.category": _words(records._licence_category),
            "licence.state": _words(records._licence_state),
            "penalty.category": _words(records._penalty_category),
        },
        "fields_of_2016": {kind: own[Generation.OF_2016] for kind, own in OWN_FIELDS.items()},
        "organisation_texts": subjects._ORGANISATION_TEXTS,
        "blank_words": sorted(text.BLANK_WORDS),
        "uscc": {
            "alphabet": identifiers.USCC_ALPHABET,
            "prefixes": sorted(identifiers._USCC_PREFIXES),
            "none": identifiers.USCC_NONE,
            "organisation_weights": identifiers._ORGANISATION_WEIGHTS,
        },
        "penalties": {
            "fine": records.FINE,
            "confiscation": records.CONFISCATION,
            "revocation": records.REVOCATION,
        },
        "limits": _limits(),
    }


def _limits() -> Value:
    return {
        "value_bytes_max": wire.VALUE_BYTES_MAX,
        "headers_bytes_max": headers.HEADERS_BYTES_MAX,
        "claimed_document_max": event.CLAIMED_DOCUMENT_CHARACTERS_MAX,
        "reasons_max": gate.REASONS_MAX,
        "skew_milliseconds": int(gate.CLOCK_SKEW_MAX.total_seconds() * 1000),
        "box_bytes_min": subjects.BOX_BYTES_MIN,
        "box_bytes_max": subjects.BOX_BYTES_MAX,
        "decimal_bytes_max": exact.DECIMAL_BYTES_MAX,
        "categories_length_max": records.CATEGORIES_LENGTH_MAX,
        "long_term": dates.LONG_TERM.isoformat(),
    }


def _party(party: Party) -> Value:
    return {
        "since": party.since.isoformat(),
        "until": party.until.isoformat() if party.until else None,
        "successors": party.successors,
        "publishes": sorted(party.publishes),
    }


def _route(route: Route) -> Value:
    return {
        "types": sorted(route.types),
        "to": route.to,
        "categories": sorted(route.categories),
    }


def _texts(check: Callable[..., Any]) -> Sequence[Value]:
    """Return the rows of which `text_check` made this function."""
    inside = inspect.getclosurevars(check).nonlocals
    return [
        {
            "name": name,
            "path": inside["under"] + name,
            "length_max": length_max,
            "required": row.required,
            "exact": row.exact,
        }
        for name, length_max, row in inside["rows"]
    ]


def _words(check: Callable[..., Any]) -> Value:
    """Return the words of which `word_check` made this function."""
    inside = inspect.getclosurevars(check).nonlocals
    other = inside["other_length_max"] if inside["other"] else 0
    return {"known": sorted(inside["known"]), "shown": inside["shown"], "other_length_max": other}
