"""Names of the user's own organisation, on the page and in a folder."""

OWN = "own"
OWN_FILE = "organisation.toml"
PEOPLE_FILE = "people.csv"
GRAPH_FILE = "graph.csv"
