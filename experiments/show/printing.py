"""A page as PDF, made by WeasyPrint if that is installed (the extra `pdf`)."""

from experiments.show.page import FROM_PAGE


class CannotPrint(RuntimeError):
    """WeasyPrint, or a system library that it needs, is missing."""


def as_pdf(page: str) -> bytes:
    """Return a page as PDF on A4; raise `CannotPrint` if WeasyPrint is missing.

    Figures get fixed colours again, as WeasyPrint draws them apart from the page.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise CannotPrint(str(error).splitlines()[0]) from error
    for colour, ours in FROM_PAGE.items():
        page = page.replace(ours, colour)
    return HTML(string=page).write_pdf()
