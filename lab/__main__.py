"""`python -m lab`: see `python -m lab --help`."""

from lab.cli import app

if __name__ == "__main__":
    app.main()
