"""The laboratory's processes: one table, from which they are started, watched and shown."""
