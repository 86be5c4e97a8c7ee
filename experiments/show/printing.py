"""A page as PDF, by WeasyPrint where that is installed (the extra `pdf`)."""

from experiments.show.page import FROM_PAGE


class CannotPrint(RuntimeError):
    """WeasyPrint, or a library of the system that it needs, is not there."""


def as_pdf(page: str) -> bytes:
    """Return a page as PDF on A4; raises `CannotPrint` where that cannot be done.

    Figures get their own colours back: WeasyPrint draws them apart from the page.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise CannotPrint(str(error).splitlines()[0]) from error
    for colour, ours in FROM_PAGE.items():
        page = page.replace(ours, colour)
    return HTML(string=page).write_pdf()
