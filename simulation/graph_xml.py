"""Reading of GraphML and GEXF, whatever their namespace and version."""

import re
from xml.parsers import expat

from simulation.gexf_files import Gexf
from simulation.graph_drafts import Draft
from simulation.graph_elements import Attributes, GraphElements, Unreadable
from simulation.graphml_files import GraphML

MOST_TAGS = 10_000_000
"""Most starts and ends of elements: more than a file of the largest graph has."""
KINDS: dict[str, type[GraphElements]] = {"graphml": GraphML, "gexf": Gexf}
"""The class that reads a file, by the name of its first element."""


def read_xml(text: str, draft: Draft) -> None:
    """Read GraphML or GEXF, whichever the file's first element names."""
    if unsafe := re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        line = text.count("\n", 0, unsafe.start()) + 1
        return draft.fault(line, "refused for safety", unsafe[0], "XML without it")
    if (tags := text.count("<")) > MOST_TAGS:
        return draft.fault(None, "too many tags", tags, f"at most {MOST_TAGS}")
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    graphs: list[GraphElements] = []

    def start(tag: str, attributes: Attributes) -> None:
        if not graphs:
            graphs.append(_elements_of(tag, parser, draft))
        graphs[0].start(tag, attributes)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: graphs[0].end(tag)
    parser.CharacterDataHandler = lambda found: graphs[0].add_text(found)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as problem:
        why = expat.ErrorString(problem.code)
        return draft.fault(problem.lineno, f"is not XML ({why})")
    except Unreadable:
        return None
    return graphs[0].finish()


def _elements_of(tag: str, parser, draft: Draft) -> GraphElements:
    """Return the reader for the elements of a file that begins with `tag`."""
    prefix, _, name = tag.rpartition(":")
    if kind := KINDS.get(name):
        return kind(prefix, parser, draft)
    allowed = "graphml or gexf: export as GraphML or GEXF"
    draft.fault(parser.CurrentLineNumber, "unknown first element", tag[:80], allowed)
    raise Unreadable
