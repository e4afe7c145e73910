"""The way of an event on a terminal: a tree of hops, of who was given it, and of what it caused."""

from datetime import datetime, timedelta

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from credit_bus.domain.calendar import SHANGHAI
from credit_bus.operations.trace.way import Given, Step, Way

_STYLES = {
    "rejected": "red",
    "quarantined": "red",
    "refused": "red",
    "refused-late": "red",
    "passed-over": "red",
    "parked": "yellow",
    "in-flight": "yellow",
}


def print_way(found: Way, console: Console | None = None) -> None:
    """Print the way as a tree."""
    console = console or Console()
    console.print(_tree(found))
    if not found.is_whole:
        console.print("this is not the whole way: it was said more often, or caused more, than is")
        console.print("shown; print what it caused by the ids of those events")


def _tree(found: Way) -> Tree:
    head = f"{found.name.hex()}  {found.type or '?'}  of {found.source or '?'}"
    took = "" if found.took is None else f"  ({_seconds(found.took)} in all)"
    tree = Tree(Text(head + took, style="bold"))
    given = {each.hop.place: each for each in found.deliveries}
    for step in found.steps:
        branch = tree.add(_step(step))
        delivery = given.get(step.hop.place)
        if delivery is not None:
            branch.add(_delivery(delivery))
    for each in found.caused:
        tree.add(_tree(each))
    return tree


def _step(step: Step) -> Text:
    hop = step.hop
    word = hop.kind.name.lower()
    party = f" {hop.party}" if hop.party else ""
    after = "" if step.after is None else f"  +{_seconds(step.after)}"
    rule = f"  rules {hop.rule}" if hop.rule else ""
    codes = f"  {', '.join(hop.codes)}" if hop.codes else ""
    place = f"{hop.topic}/{hop.partition}@{hop.offset}"
    line = Text(f"{_moment(hop.at)}  ")
    line.append(f"{word}{party}", style=_STYLES.get(word, "green"))
    return line.append(f"  {place}{after}{rule}{codes}")


def _delivery(given: Given) -> Text:
    state = given.state.value
    line = Text("")
    line.append(f"{given.platform} {state}", style=_STYLES.get(state, "green"))
    if given.answered_at is not None and given.took is not None:
        line.append(f"  {_moment(given.answered_at)}  +{_seconds(given.took)}")
    if given.said_times > 1:
        line.append(f"  said {given.said_times} times")
    return line


def _moment(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():.3f} s"
