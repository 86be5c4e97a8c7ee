"""Characters of names and titles that no document can hold, or that are invisible."""

import re

_PLANES = "".join(f"{chr(k << 16 | 0xFFFE)}-{chr(k << 16 | 0xFFFF)}" for k in range(17))
BREAKS = "\x00-\x1f\x7f-\x9f\u2028\u2029"
"""Control characters and line ends, as the inside of a regular expression's class."""
UNASSIGNABLE = f"\ufdd0-\ufdef{_PLANES}"
"""Code points that are never characters in Unicode; XML and HTML refuse most."""
HALVES = "\ud800-\udfff"
"""Surrogates: halves of characters beyond U+FFFF, which no text in UTF-8 has."""
UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
"""Invisible characters: soft hyphens, zero-width spaces, byte order marks, and marks of
text direction. Not the joiners (U+200C, U+200D), which change what is seen."""
_BROKEN = re.compile(f"[{BREAKS}{UNASSIGNABLE}{HALVES}]")
_UNSEEN = re.compile(f"[{UNSEEN}]")
MOST_NAMED = 3


def one_line(text: str) -> str:
    """Return text as it is shown: on one line, without what documents cannot hold.

    >>> one_line("two\\nlines\\x0b\\x00 "), one_line("so\\u00adft\\u200b, \\ufffe")
    ('two lines', 'soft,')
    """
    return " ".join(_BROKEN.sub(" ", _UNSEEN.sub("", text)).split())


def fault_of(text: str) -> str:
    """Return why text cannot be a title or name; an empty text if it can.

    >>> fault_of("Team \\ufffe"), fault_of(" \\u200b"), fault_of("Team")
    ('holds what no document can hold: U+FFFE', 'is blank', '')
    """
    wrong = dict.fromkeys(_BROKEN.findall(text))
    if any(re.match(f"[{BREAKS}]", letter) for letter in wrong):
        return "must be one line without control characters"
    if wrong:
        named = [f"U+{ord(letter):04X}" for letter in wrong]
        more = ["..."] if len(named) > MOST_NAMED else []
        return f"holds what no document can hold: {', '.join(named[:3] + more)}"
    return "" if one_line(text) else "is blank"
