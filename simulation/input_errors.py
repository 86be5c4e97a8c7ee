"""The error of whoever asks for what cannot be done."""


class InputError(ValueError):
    """What the user asked for cannot be done; the message says why and what can."""
