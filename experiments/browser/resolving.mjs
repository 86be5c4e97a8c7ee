/**
 * From chosen levers to the stages of a scenario, as `simulation/scenario_resolution.py`
 * does it: the same layers in the same order, from the same tables.
 *
 * A choice is { levers, plan, numbers }: settings of the as-is by lever; rows of
 * [week, lever, setting] and of [week, number, value] of the to-be.
 */

/** Structural numbers and settings while one layer after another is applied. */
class Layers {
  constructor(tables, base) {
    this.tables = tables;
    this.structure = { ...base.structure };
    this.levers = { ...base.levers };
  }

  /** Apply the levers of one file or change in the order of the table, then its numbers. */
  lay(levers, numbers = {}) {
    for (const lever of this.tables.levers) {
      if (!(lever.name in levers)) continue;
      const setting = lever.settings.find(one => one.name === levers[lever.name]);
      Object.assign(this.structure, setting.numbers);
      this.levers[lever.name] = setting.name;
    }
    Object.assign(this.structure, numbers);
  }

  stage(week, effort = { hours: 0, euros: 0 }) {
    return { week, structure: { ...this.structure }, levers: { ...this.levers }, ...effort };
  }
}

/**
 * Return the stages of the as-is and of the to-be.
 * @param {object} tables the levers with their settings and efforts
 * @param {object} base the organisation: its numbers, settings, own efforts and warm-up
 * @param {object} choice what was chosen
 * @returns {{asIs: object[], toBe: object[]}}
 */
export function resolve(tables, base, choice) {
  const layers = new Layers(tables, base);
  layers.lay(choice.levers ?? {});
  let stage = layers.stage(-base.warm_up_weeks);
  const asIs = [stage], toBe = [stage];
  for (const week of weeksOf(choice)) {
    const at = rows => Object.fromEntries((rows ?? []).filter(x => x[0] === week).map(x => x.slice(1)));
    layers.lay(at(choice.plan), at(choice.numbers));
    if (sameNumbers(layers.structure, stage.structure)) continue;
    stage = layers.stage(week, effort(tables, base, stage.levers, layers.levers));
    toBe.push(stage);
  }
  return { asIs, toBe };
}

/** The weeks in which something is chosen, in order. */
function weeksOf({ plan = [], numbers = [] }) {
  return [...new Set([...plan, ...numbers].map(row => row[0]))].sort((a, b) => a - b);
}

function sameNumbers(one, other) {
  return Object.keys(one).every(name => one[name] === other[name]);
}

/** Hours for each person, and euros, that reaching people with changed levers takes. */
function effort(tables, base, before, after) {
  let hours = 0, euros = 0;
  for (const lever of tables.levers) {
    if (before[lever.name] === after[lever.name] || lever.context) continue;
    const own = base.effort[lever.name] ?? {};
    hours += own.hours_per_person ?? lever.hours_per_person;
    euros += own.euros ?? lever.euros;
  }
  return { hours, euros };
}
