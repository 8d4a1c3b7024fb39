"""``python -m tui`` and the command ``ardoise``."""

import sys

from tui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
