"""Agents and an organisation of one's own, that remember more than the record holds."""

from itertools import pairwise

from simulation.agents import Marketeer
from simulation.model import Organisation


class Diarist(Marketeer):
    """Keeps a diary and a friend, and acts on both and on chance of its own."""

    def __init__(self, model, index, name):
        """Begin with an empty diary."""
        super().__init__(model, index, name)
        self.diary = {"weeks": []}
        self.friend = self

    def learn(self):
        """Learn, but not in every other week, nor when a coin says so."""
        weeks = self.diary["weeks"]
        weeks.append(self.model.week)
        if len(weeks) % 2 and self.random.random() < 0.7:
            super().learn()
        if self.friend.motivation > 0.9:
            self.friend.motivation = 0.5


class Club(Organisation):
    """An organisation with groups, a rule and notes of its own."""

    def __init__(self, *arguments, **named):
        """Let each diarist befriend the next one, and intervene after talks."""
        super().__init__(*arguments, **named)
        self.diarists = self.agents.select(agent_type=Diarist)
        people = list(self.diarists)
        for one, other in pairwise(people):
            one.friend = other
        self.notes = []
        self.listen_again = self.rules.listen
        self.interventions["talk"] = self.note

    def note(self, model):
        """Note who knows what, and let the first one listen once more."""
        assert model is self
        self.notes.append(int(self.state.people.right.sum()))
        self.listen_again(0)
        self.state.people.motivation[0] *= 0.99
