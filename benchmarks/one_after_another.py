"""Services whose clock waits for each acknowledgement before it publishes the next command.

Run by benchmarks/reminders.py:  python -m benchmarks.one_after_another NAME...
"""

import sys

from services.run import main
from services.storage import clock

if __name__ == "__main__":
    clock.IN_FLIGHT = 1
    sys.exit(main(sys.argv[1:]))
