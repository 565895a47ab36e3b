import sys
from lab import say, settings, start, stop, errors
r = say.Reporter()
s = settings.Settings.read()
try:
    if sys.argv[1] == "up": start.up(s, r)
    else: stop.down(s, r, wipe="--wipe" in sys.argv)
    r.line("done")
except errors.LabError as e:
    sys.exit(f"lab: {e}")
