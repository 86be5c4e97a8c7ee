"""Scenario files as a page of the app sends them."""

AS_IS = 'title = "Now"\nbased_on = "baseline"\nas_is = "self"\n[run]\nweeks = 24\n'
TO_BE = 'title = "New"\nbased_on = "as-is.toml"\n[levers]\nmandate = "decides"\n'
LATER = '[[changes]]\nweek = 10\nlevers = {testing = "room"}\n'
FILES = {"as-is.toml": AS_IS, "to-be.toml": TO_BE + LATER}
