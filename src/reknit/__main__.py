"""`python -m reknit`: the command line, as the door `./reknit` runs it."""

import sys

from reknit.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
