"""What a fresh OpenStack is filled with.

Everything is looked for before it is made, so a seed that was cut short goes on where it was.
"""
