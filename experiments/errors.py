"""Which errors are about what the user gave."""


class InputError(ValueError):
    """What the user asked for cannot be done; the message says why and what can."""


def is_wrong_input(error: BaseException) -> bool:
    """Tell whether an error is about what the user gave, with a message made for it.

    Such errors are subclasses of ValueError that this project defines; a bare
    ValueError from anywhere is a fault in the software.
    """
    package = type(error).__module__.partition(".")[0]
    return isinstance(error, ValueError) and package in ("simulation", "experiments")
