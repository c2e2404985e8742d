"""Errors of the science floor.

::

    CoreError               a sentence fit to show to a person
    |- DefinitionError      a data file breaks a rule: names the file and the rule
    |- UnknownMeasure       no measure of that name
    |- UnknownWording       no wording in that language
    |- UnknownTemplate      no protocol template of that name or version
    |- UnknownReason        no risk reason of that name
    |- UnknownRule          no reliable change rule of that name
    `- BadInput             what was handed in cannot be worked with
"""


class CoreError(Exception):
    """Base of every error here. ``str(error)`` is one plain sentence that may be shown to a person.

    >>> str(CoreError("The end date is before the start date."))
    'The end date is before the start date.'
    """


class DefinitionError(CoreError):
    """A data file of the floor breaks one of its rules. `rule` and `line` are told apart where both are known."""

    def __init__(self, message: str, *, rule: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.rule, self.line = rule or message, line


class UnknownMeasure(CoreError):
    """No measure has this id."""


class UnknownWording(CoreError):
    """No content pack has the words of this measure in this language."""


class UnknownTemplate(CoreError):
    """No protocol template has this code and version."""


class UnknownReason(CoreError):
    """No risk reason has this key."""


class UnknownRule(CoreError):
    """No reliable change rule has this id for this measure."""


class BadInput(CoreError):
    """The values handed in contradict each other or leave nothing to compute."""
