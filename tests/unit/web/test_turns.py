"""A few at once, a few that wait, nobody beyond."""

import asyncio

from credit_bus_connectors.web.turns import Turns


async def _held(turns: Turns, order: list[int], number: int, go: asyncio.Event) -> bool:
    async with turns.taken() as is_ours:
        if is_ours:
            order.append(number)
            await go.wait()
        return is_ours


def test_whoever_comes_beyond_those_that_wait_is_told_at_once_and_turns_are_given_back() -> None:
    async def play() -> tuple[list[int], list[bool], list[bool]]:
        turns, order, go = Turns(at_once_max=2, waiting_max=3), [], asyncio.Event()
        tasks = [asyncio.create_task(_held(turns, order, each, go)) for each in range(8)]
        done, _ = await asyncio.wait(tasks, timeout=0.2)
        at_work = [*order]
        go.set()
        first = await asyncio.gather(*tasks)
        assert {False} == {each.result() for each in done}
        again = [await _held(turns, order, 9, go) for _ in range(9)]
        return at_work, list(first), again

    at_work, first, again = asyncio.run(play())

    assert [0, 1] == at_work
    assert [True] * 5 + [False] * 3 == first
    assert [True] * 9 == again


def test_one_that_is_cancelled_while_it_waits_gives_its_place_back() -> None:
    async def play() -> bool:
        turns, go = Turns(at_once_max=1, waiting_max=1), asyncio.Event()
        first = asyncio.create_task(_held(turns, [], 0, go))
        second = asyncio.create_task(_held(turns, [], 1, go))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.wait([second])
        third = asyncio.create_task(_held(turns, [], 2, go))
        await asyncio.sleep(0.05)
        go.set()
        await first
        return await third

    assert asyncio.run(play())
