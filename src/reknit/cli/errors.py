"""What a command says to a person when something they can put right is in the way.

CommandError    expected: one sentence on standard error and an exit code, never a traceback
(anything else) a bug: Python's traceback, so that it can be reported
"""

import sys


class CommandError(Exception):
    """Something a person can put right, said in one sentence."""

    def __init__(self, sentence: str, *, code: int = 2) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def say(sentence: str) -> None:
    """Tell the person at the terminal, on standard error: standard output is for what a command answers."""
    print(sentence, file=sys.stderr, flush=True)
