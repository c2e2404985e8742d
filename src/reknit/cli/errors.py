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


def refused(error: Exception) -> CommandError:
    """A refusal of the science, as the sentence with which a command ends.

    >>> refused(ValueError("Each group needs two people.")).sentence
    'each group needs two people.'
    """
    sentence = str(error)
    return CommandError(f"{sentence[:1].lower()}{sentence[1:]}")
