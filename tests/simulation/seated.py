"""Everyone's place and contact, read from the arrays of the model into plain lists."""

from itertools import accumulate, pairwise

from simulation.contact import contact_by_version
from simulation.founding import Founder, parameter_record, structure_records
from simulation.mixed_teams import (
    IN_MIXED,
    IN_PROJECTS,
    MAKERS,
    members_of,
    teams_of,
)
from simulation.places import NO_RANK, Places
from simulation.scenario_values import Stage
from simulation.state import JOURNEY


class Seated:
    """The people of a scenario, as indices in the order of seats, and their teams."""

    def __init__(self, scenario, team_size):
        self.founder = Founder(scenario)
        self.seats = self.founder.chart.seats
        self.places = Places(self.founder.chart, team_size)
        people, rosters = self.places.people, self.places.rosters
        self.firm = self.founder.found(1, 0).firm[0]
        self.leader = people.leader_separate.tolist()
        self.makers = [i for i in rosters[MAKERS].tolist() if i >= 0]
        self.marketing, self.communication = (
            [i for i in self.makers if self.seats[i].department == name]
            for name in ("marketing", "communication")
        )
        self.mixed_teams = self.split(IN_MIXED, len(self.marketing))
        self.project_teams = self.split(IN_PROJECTS, len(self.makers))
        columns = people.team_channel.tolist(), people.team_mixed.tolist()
        self.teams = list(zip(*columns, strict=True))
        self.mix_ranks, self.second_ranks = (
            {i: rank for i, rank in enumerate(ranks.tolist()) if rank < NO_RANK}
            for ranks in (people.mix_rank, people.second_rank)
        )
        self.journeys = {}
        for choice in self.places.choices[self.places.choices.exists == 1]:
            there = self.journeys.setdefault(int(choice.executor), set())
            there.add(int(choice.bundle))

    def split(self, row, size):
        """Return the teams of a roster."""
        members = self.places.rosters[row, :size].tolist()
        count = teams_of(size, self.places.team_size)
        sizes = [members_of(team, count, size) for team in range(count)]
        ends = accumulate(sizes, initial=0)
        return [members[first:last] for first, last in pairwise(ends)]

    def contact(self, structures, parameters):
        """Return the arrays of contact under several structures."""
        stages = [Stage(0, structure, {}, {}) for structure in structures]
        numbers = structure_records(stages), parameter_record(parameters)
        return contact_by_version(self.places, *numbers)

    def met(self, structure, parameters):
        """Return hours a week by pair and layer, without pairs who only share work."""
        contact = self.contact([structure], parameters)
        found = {}
        for pair, layers in zip(
            contact.pairs.tolist(), contact.layers.tolist(), strict=True
        ):
            hours = {layer: h for layer, h in enumerate(layers) if h > 0}
            if hours and set(hours) != {JOURNEY}:
                found[tuple(pair)] = hours
        return found
