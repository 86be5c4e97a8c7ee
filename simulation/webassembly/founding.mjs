/**
 * Founding in JavaScript: the states of `Founder` in `simulation/founding.py`, byte for
 * byte.
 *
 * All is computed by rules of the module, in the same order as there. Here is only made
 * room for their results.
 */

const BITS = 64;
const MOST_SEED = 2n ** 63n - 1n, MOST_REPLICATE = 2n ** 32n - 1n;
/** The least width of the working space in which keys are sorted byte by byte. */
const WIDTH_OF_BYTES = 258;

/** Founds the worlds of one scenario; what they have in common is made only once. */
export class Founder {
  /**
   * Arrays that are in the memory of the model are forgotten.
   * @param {Model} model
   * @param {object} organisation what `organisation_of` in Python gives
   * @param {object} scenario
   * @param {{week: number, structure: Object<string, number>, hours: number,
   *   euros: number}[]} scenario.stages the structural numbers from a week on, and what
   *   the change takes: hours for each person, and euros; the first is the as-is
   * @param {?Object<string, number>} [scenario.heads] head counts instead of those of
   *   the organisation, by group
   * @param {Object<string, number>} [scenario.euros] parameters instead of those of the
   *   organisation, by name
   */
  constructor(model, organisation, { stages, heads = null, euros = {} }) {
    if (heads !== null && organisation.leavers.length > 0)
      throw new RangeError("somebody leaves in a dated week, so heads cannot be others");
    model.clear();
    this.model = model;
    const values = { ...organisation.parameters, ...euros };
    const numbers = {
      structure: structureOf(model, stages),
      parameters: parametersOf(model, values),
    };
    const seats = organisation.seats
      ? givenSeats(model, organisation, heads)
      : drawnSeats(model, organisation, { ...organisation.heads, ...heads });
    const chart = chartOf(model, organisation, seats);
    const places = placesOf(model, chart, values.team_size);
    const contact = contactOf(model, chart, places, numbers);
    this.crowd = chart.imported ? null : saved(crowdOf(model, places, numbers));
    this.contact = saved(contact);
    this.common = saved(commonOf(model, organisation, stages, { ...chart, ...places, ...numbers }));
  }

  /**
   * Return the state of a world before the warm-up: all arrays of a `State` by name.
   * Arrays that are in the memory of the model are forgotten.
   * @param {number|bigint} seed 0 to 2**63 - 1
   * @param {number|bigint} replicate 0 to 2**32 - 1
   * @returns {Object<string, {shape: number[], bytes: Uint8Array}>}
   */
  found(seed, replicate) {
    within("seed", seed, MOST_SEED);
    within("replicate", replicate, MOST_REPLICATE);
    const { model } = this;
    model.clear();
    const key = model.call("mixed_key", { seed, replicate });
    const state = restored(model, this.common);
    state.firm.set(0, "key", key);
    Object.assign(state, this.#ties(key, state));
    model.call("draw_start", state);
    const names = model.description.state.map(([name]) => name);
    return saved(Object.fromEntries(names.map(name => [name, state[name]])));
  }

  /** The ties of a world, their hours by version, and neighbours. */
  #ties(key, { people, structure, parameters }) {
    const { model } = this, versions = structure.shape[0];
    const contact = restored(model, this.contact);
    const given = { ...contact, ...this.#picks(key, contact, structure), structure, parameters };
    const tiesOf = size => ({
      ties: model.array("tie", [size]), hours: model.array("float64", [versions, size]),
    });
    const count = Number(model.call("join_ties", { ...given, ...tiesOf(0) }));
    const found = tiesOf(Math.max(1, count));
    model.call("join_ties", { ...given, ...found });
    const neighbours = model.array("neighbour", [Math.max(1, 2 * count)]);
    model.call("list_neighbours", { ...found, count, people, neighbours });
    return { ...found, neighbours };
  }

  /** The pairs of those who pick one another; none if a real graph tells who meets whom. */
  #picks(key, { pairs, contact }, structure) {
    const { model } = this, { PICKS, MOST_PAIRS } = model.description.constants;
    const whole = (...shape) => model.array("int64", shape);
    if (this.crowd === null) return { picks: whole(PICKS, 0), picked: 0 };
    const crowd = restored(model, this.crowd), n = crowd.seats.shape[0];
    const sizes = rows(structure).map(v => Math.trunc(structure.get(v, "informal_ties")));
    const most = Math.max(...sizes), listed = n > MOST_PAIRS ? n : 0;
    const partners = whole(n, most);
    model.call("draw_informal", {
      ...crowd, key, pairs, contact, partners, most_pairs: MOST_PAIRS,
      nearby: whole(n, sizes[0]),
      friends: whole(2 * (pairs.shape[0] + n * sizes[0])),
      first: whole(n + 2), mark: whole(n), best: model.array("float64", [most]),
      order: whole(listed), place: whole(listed), span: whole(listed, 4),
      room: whole(5, 2 * listed + 2),
    });
    const picks = whole(PICKS, Math.max(n * most, n + 2));
    return { picks, picked: model.call("sort_picks", { partners, picks }) };
  }
}

/** The record of parameters, with the share left of all that fades weekly. */
function parametersOf(model, values) {
  const { KEPT } = model.description.constants;
  const weeks = arrayOf(model, "float64", KEPT.map(name => values[`${name}_weeks`]));
  const kept = model.array("float64", [KEPT.length]);
  model.call("shares_kept", { weeks, kept });
  const shares = KEPT.map((name, k) => [`keep_${name}`, kept.numbers()[k]]);
  return filled(model, "parameters", [{ ...values, ...Object.fromEntries(shares) }]);
}

/** The structural numbers of stages, and what the change to each takes. */
function structureOf(model, stages) {
  return filled(model, "structure", stages.map(stage => ({
    ...stage.structure, change_hours_per_person: stage.hours, change_euros: stage.euros,
  })));
}

/** Seats for head counts, plus those of leaders. */
function drawnSeats(model, organisation, heads) {
  const { GROUPS, WORDS, DEPARTMENTS, ROOM_OF_SEATS } = model.description.constants;
  const counts = GROUPS.map(group => heads[group]);
  const most = 2 * counts.reduce((total, count) => total + count, 0) + 4 * DEPARTMENTS.length;
  const seats = model.array("seat", [most]), names = () => model.array("int64", [2, most]);
  const size = model.call("draw_seats", {
    counts: arrayOf(model, "int64", counts),
    span: organisation.span_of_control, hours: organisation.contract_hours_per_week,
    drawn: model.array("seat", [most]), names: names(), seats, named: names(),
    words: model.array("uint64", [WORDS]),
    room: model.array("int64", [ROOM_OF_SEATS, Math.max(WIDTH_OF_BYTES, most)]),
  });
  return seats.seenAs("seat", [Number(size)]);
}

/** The seats of an organisation whose people are given one by one. */
function givenSeats(model, organisation, heads) {
  if (heads !== null) throw new RangeError("people are given one by one, so heads cannot be");
  return model.arrayOf("seat", decoded(organisation.seats));
}

/** Seats, the choices that they execute, by lane, and the ties of a graph. */
function chartOf(model, organisation, seats) {
  const { LANES, ROOM_OF_SEATS } = model.description.constants;
  const given = { seats, per_person: organisation.choices_per_person };
  const lanes = Math.max(LANES, Number(model.call("count_lanes", given)));
  const choices = model.array("choice", [BITS * Math.ceil(lanes / BITS)]);
  const room = model.array("int64", [ROOM_OF_SEATS, seats.shape[0]]);
  const bundle_size = organisation.bundle_size;
  const items = Number(model.call("deal_choices", { ...given, bundle_size, choices, room }));
  if (items === 0) throw new RangeError("nobody executes anything: all are in management");
  const imported = organisation.edges !== null;
  const edges = model.arrayOf("edge", imported ? decoded(organisation.edges) : NO_EDGES);
  return { seats, choices, items, edges, imported };
}

const NO_EDGES = { shape: [0], bytes: new Uint8Array(0) };

/** Everybody's place: lines, teams, own items and mates. */
function placesOf(model, { seats, choices, items }, teamSize) {
  const { ROSTERS, ROOM_OF_PLACES } = model.description.constants;
  const n = seats.shape[0], whole = (...shape) => model.array("int64", shape);
  const places = {
    team_size: Math.max(2, Math.trunc(teamSize)), people: model.array("person", [n]),
    own: whole(items), mates: whole(items), rosters: whole(ROSTERS, n), reports: whole(3 * n),
  };
  const room = whole(ROOM_OF_PLACES, Math.max(2 * n + 2, choices.shape[0]));
  model.call("place_people", { ...places, seats, choices, room });
  const last = rows(places.people).map(i => places.people.get(i, "last_report"));
  return { ...places, reports: places.reports.seenAs("int64", [Math.max(1, ...last)]) };
}

/** The contact of pairs of people under each version, without informal ties. */
function contactOf(model, chart, places, numbers) {
  const { LAYERS, MEETINGS, TALLY, ROOM_OF_MEETINGS } = model.description.constants;
  const n = places.people.shape[0], versions = numbers.structure.shape[0];
  const tally = model.array("int64", [TALLY]), room = model.array("int64", [ROOM_OF_MEETINGS, n]);
  const listed = size => {
    const meetings = model.array("int64", [MEETINGS, Math.max(size, n + 2)]);
    const hours = model.array("float64", [size]);
    model.call("list_meetings", { ...chart, ...places, ...numbers, meetings, hours, tally, room });
    return { meetings, hours, size: Number(tally.numbers()[0]) };
  };
  const met = listed(listed(0).size);
  const count = Number(model.call("sort_meetings", met));
  const pairs = model.array("int64", [count, 2]), contact = model.array("float64", [versions, count]);
  const layers = model.array("float64", [count, LAYERS.length]);
  const kept = Number(model.call("add_meetings", {
    ...met, pairs, contact, layers, imported: chart.imported ? 1 : 0,
    met: model.array("float64", [2, LAYERS.length]),
  }));
  return {
    pairs: pairs.seenAs("int64", [kept, 2]),
    contact: firstColumns(model, contact, kept),
    layers: layers.seenAs("float64", [kept, LAYERS.length]),
  };
}

/** The first columns of a table of floats. */
function firstColumns(model, table, count) {
  const [height, width] = table.shape, columns = model.array("float64", [height, count]);
  for (let row = 0; row < height; row++) {
    const numbers = table.numbers().subarray(row * width, row * width + count);
    columns.numbers().set(numbers, row * count);
  }
  return columns;
}

/** What draws of informal ties read of people and numbers. */
function crowdOf(model, { people }, numbers) {
  const n = people.shape[0], odds = () => model.array("float64", [3]);
  const crowd = {
    seats: model.array("int64", [n]), groups: model.array("int64", [n, 2]),
    odds: odds(), by_place: odds(),
  };
  model.call("group_people", { ...crowd, ...numbers, people });
  return crowd;
}

/** All arrays of a state but the ties, before anything is drawn. */
function commonOf(model, organisation, stages, made) {
  const constants = model.description.constants, { choices, people, parameters } = made;
  const firm = model.array("firm", [1]);
  firm.set(0, "week", -organisation.warm_up_weeks);
  model.call("set_up_firm", { ...made, firm });
  const n = people.shape[0], words = choices.shape[0] / BITS;
  const expected = parameters.get(0, "prospects_per_item") * firm.get(0, "channel_items");
  const leads = Math.max(64, Math.trunc(2 * constants.LEADS_KEPT_WEEKS * expected));
  const sells = i => people.get(i, "role") === constants.SALES;
  const isOfChannel = c =>
    choices.get(c, "exists") === 1 && choices.get(c, "domain") < constants.COMMUNICATION_DOMAIN;
  return {
    people, choices, firm, parameters, structure: made.structure,
    own: made.own, mates: made.mates, reports: made.reports,
    leads: model.array("lead", [leads]),
    beliefs: model.array("uint64", [n, constants.BELIEF_PLANES, words]),
    market: model.array("uint64", [constants.MARKET_ROWS, words]),
    strategy: model.array("uint64", [constants.STRATEGY_PLANES, words]),
    skill: model.array("float64", [n, constants.DOMAINS.length]),
    enacted: model.array("float64", [n, constants.THEMES]),
    scores: model.array("float64", [n, constants.THEMES]),
    reps: arrayOf(model, "int64", rows(people).filter(sells)),
    channel_items: arrayOf(model, "int64", rows(choices).filter(isOfChannel)),
    switch_weeks: arrayOf(model, "int64", stages.map(stage => stage.week)),
    leave_weeks: arrayOf(model, "int64", organisation.leavers.map(([week]) => week)),
    leave_seats: arrayOf(model, "int64", organisation.leavers.map(([, seat]) => seat)),
    row: model.array("week", [1]),
    ballot: model.array("uint64", [2, constants.BALLOT_PLANES]),
    waits: model.array("int64", [constants.LONGEST_WAIT]),
  };
}

/** An array of numbers. */
function arrayOf(model, type, values) {
  const array = model.array(type, [values.length]);
  array.numbers().set(type === "float64" ? values : values.map(BigInt));
  return array;
}

/** Records that are filled by field name. */
function filled(model, type, values) {
  const records = model.array(type, [values.length]);
  for (const name of Object.keys(model.description.records[type].fields)) {
    values.forEach((one, row) => {
      if (!Number.isFinite(one[name])) throw new TypeError(`${name} is no number: ${one[name]}`);
      records.set(row, name, one[name]);
    });
  }
  return records;
}

/** The positions of an array. */
function rows(array) {
  return Array.from({ length: array.shape[0] }, (_, k) => k);
}

/** Copies of arrays, which stay when the memory of the model is used again. */
function saved(arrays) {
  return Object.fromEntries(Object.entries(arrays).map(([name, { type, shape, bytes }]) =>
    [name, { type, shape, bytes: bytes.slice() }]));
}

/** Saved arrays in the memory of a model. */
function restored(model, copies) {
  return Object.fromEntries(Object.entries(copies).map(([name, copy]) =>
    [name, model.arrayOf(copy.type, copy)]));
}

/** The shape and bytes of what Python wrote. */
function decoded({ shape, text }) {
  return { shape, bytes: Uint8Array.from(atob(text), letter => letter.charCodeAt(0)) };
}

function within(name, value, most) {
  const whole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!whole || value < 0 || value > most) {
    throw new RangeError(`${name} is ${value}, no whole number from 0 to ${most}`);
  }
}
