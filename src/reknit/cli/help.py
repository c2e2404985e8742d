"""The list of commands as a person reads it, in the terminal and in the reference."""

import argparse

DESCRIPTION = "Reknit, an open, self-hosted platform for Interpersonal Psychotherapy."
TEXT = f"""\
{DESCRIPTION}

./reknit NAME [options]

{{commands}}

./reknit NAME --help says more about one command.
"""

Commands = argparse._SubParsersAction  # argparse has no public name for what `add_subparsers` returns


def commands_of(parser: argparse.ArgumentParser) -> "Commands[argparse.ArgumentParser]":
    """The part of the parser that holds the commands."""
    (commands,) = (action for action in parser._actions if isinstance(action, Commands))
    return commands


def help_text(parser: argparse.ArgumentParser) -> str:
    """One line for each command: argparse's own list is harder to read and mixes it with options."""
    lines = {str(choice.dest): str(choice.help) for choice in commands_of(parser)._get_subactions()}
    width = max(map(len, lines))
    return TEXT.format(commands="\n".join(f"  {name:<{width}}  {line}" for name, line in lines.items()))
