"""Settings: what can be said in tfgen.yaml, and how its layers fold into one value."""

from tfgen.config.settings import Settings

__all__ = ["Settings"]
