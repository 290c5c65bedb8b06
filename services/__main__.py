"""`python -m services`: runs services of Switchboard."""

import sys

from services.run import main

sys.exit(main(sys.argv[1:]))
