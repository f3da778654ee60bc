"""What the mesh tells a person when it cannot go on: one line that says what is wrong and what to do about it."""


class MeshError(Exception):
    """Stops the mesh; its text is printed as it is, without a traceback."""
