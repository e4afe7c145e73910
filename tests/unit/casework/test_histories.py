"""Long histories at random: casework agrees with the reference, whenever the log takes its words.

What the hub says comes back through the gate later, while others go on talking; symbols come again
as newer revisions of what was said before.
"""

import random
from dataclasses import replace

import pytest
from tests.unit.casework import model
from tests.unit.casework.judged import View, judge, lawful
from tests.unit.casework.model import Truth
from tests.unit.casework.story import SYMBOLS, Told, casework, go_on, settle

from credit_bus.casework.port import Casework

HISTORIES = 10_000
PARTS = 10
SYMBOLS_MIN, SYMBOLS_MAX = 6, 16
WORDS_MAX = 3


@pytest.mark.parametrize("part", range(PARTS))
def test_random_histories_are_as_the_reference_says(part: int) -> None:
    core = casework()
    for number in range(HISTORIES // PARTS):
        follow(random.Random(part * HISTORIES + number), core)


def follow(dice: random.Random, core: Casework) -> None:
    """Follow one history, and judge it wherever the log has taken everything."""
    told, truth, view = Told(), Truth(), View()
    symbols = dice.choices(SYMBOLS, k=dice.randint(SYMBOLS_MIN, SYMBOLS_MAX))
    for symbol in symbols:
        told = go_on(told, symbol, core)
        log = told.log
        told = settle(replace(told, log=()), core, words_max=dice.randint(0, WORDS_MAX))
        log += told.log
        truth = model.after(truth, symbol)
        for event in log:
            lawful(event)
            view = view.after(event)
        if not told.kept.waiting:
            judge(told, truth, view)
    told = settle(replace(told, log=()), core)
    for event in told.log:
        lawful(event)
        view = view.after(event)
    judge(told, truth, view)
