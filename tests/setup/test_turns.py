"""Whoever asks first is answered first, also when one that was just answered asks again at once."""

import threading
import time

from reknit.cli.server import Turns


def test_turns_are_given_in_the_order_of_asking() -> None:
    turns = Turns()
    given: list[int] = []

    def ask(number: int) -> None:
        with turns:
            given.append(number)

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    with turns:
        for before, asker in enumerate(askers, start=1):
            asker.start()
            while len(turns._line) <= before:
                time.sleep(0.001)
    with turns:  # the one that just left stands behind all of them
        given.append(-1)
    for asker in askers:
        asker.join()
    assert given == [*range(8), -1]


def test_a_turn_that_failed_lets_the_next_one_in() -> None:
    turns = Turns()
    for _ in range(2):
        try:
            with turns:
                raise ValueError
        except ValueError:
            pass
    with turns:
        pass
    assert not turns._line
