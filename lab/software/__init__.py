"""The laboratory's software: what Debian has, what is built once and kept for all clones."""
