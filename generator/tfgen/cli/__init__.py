"""The command line: one file per command, one boundary where errors become words."""

from tfgen.cli.app import main

__all__ = ["main"]
