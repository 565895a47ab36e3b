"""`python -m tfgen`, and `tfgen`: the command line."""

import signal
import sys

_INTERRUPTED = 130


def main() -> None:
    """Load the program and run it; who interrupts it while it loads sees no traceback."""
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.default_int_handler)
        from tfgen import cli  # noqa: PLC0415  half a second in which someone may interrupt

        cli.main()
    except KeyboardInterrupt:
        sys.stderr.write("tfgen: interrupted\nRun the same command again.\n")
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
