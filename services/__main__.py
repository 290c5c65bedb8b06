"""`python -m services`: runs services of Switchboard."""

import os
import sys

from services.run import main

if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # All has ended that has something in hand; threads of libraries would only be waited for.
    os._exit(status)
