"""The error for input that cannot be used."""


class InputError(ValueError):
    """The user's input cannot be used; the message says why, and what is allowed."""
