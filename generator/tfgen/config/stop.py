"""Whether all is stopped: by the settings, or by a file that anybody on call can put there."""

from tfgen.config.loading import Loaded, display

_LONGEST = 200


def stopped(loaded: Loaded) -> str:
    """Say why nothing may be applied; nothing where it may. The file is looked for each time.

    What stands there and cannot be read stops as well: somebody put it there.
    """
    guards = loaded.settings.guards
    if guards.stop:
        return "guards.stop is true"
    if not guards.stop_file:
        return ""
    path = (loaded.path.parent / guards.stop_file).expanduser()
    name = display(path)
    try:
        text = " ".join(path.read_text(encoding="utf-8").split())
    except (FileNotFoundError, NotADirectoryError):
        return f"{name} leads nowhere" if path.is_symlink() else ""
    except (OSError, UnicodeDecodeError):
        return f"{name} exists"
    return f"{name} says: {text[:_LONGEST]}" if text else f"{name} exists"
