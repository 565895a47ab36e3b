"""`python -m tfgen`: the command line."""

from tfgen.cli import main

main()
