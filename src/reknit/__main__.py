"""`python -m reknit`: the command line, as the door `./reknit` runs it."""

import sys

from reknit.cli.main import leave, main

if __name__ == "__main__":
    leave(main(sys.argv[1:]))
