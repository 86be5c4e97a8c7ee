/**
 * The compiled model in JavaScript: the worlds of `simulation.ensemble`, byte for byte.
 *
 * `Model.load` takes the bytes of `model.wasm`, which describes itself: functions with
 * their arguments, records with their fields. Nothing of that is repeated here.
 * `liveWorld` does what `live_world` does in `simulation/ensemble/worlds.py`.
 */

const NUMBERS = { int64: BigInt64Array, uint64: BigUint64Array, float64: Float64Array };
const WORD = 8, ALIGNED = 16, PAGE = 65536;
/** Bytes for what numba's functions return: a value and an exception. */
const RETURNED = 2 * ALIGNED;

/** An array of numbers or of records in the memory of a model, row by row. */
export class ModelArray {
  /**
   * @param {Model} model
   * @param {string} type the name of a number or of a record of the description
   * @param {number[]} shape
   * @param {number} pointer
   */
  constructor(model, type, shape, pointer) {
    Object.assign(this, { model, type, shape, pointer });
    this.itemSize = model.itemSize(type);
    this.size = shape.reduce((product, length) => product * length, 1);
  }

  /** Its bytes, until memory is asked for again. */
  get bytes() {
    return new Uint8Array(this.model.memory.buffer, this.pointer, this.size * this.itemSize);
  }

  /** Its numbers, until memory is asked for again; records are numbers of one type. */
  numbers(type = this.type) {
    const length = this.size * this.itemSize / WORD;
    return new NUMBERS[type](this.model.memory.buffer, this.pointer, length);
  }

  /** Write a number into a field of a record. */
  set(row, field, value) {
    const [type, offset] = this.model.description.records[this.type].fields[field];
    const k = (row * this.itemSize + offset) / WORD;
    this.numbers(type)[k] = type === "float64" ? value : BigInt(value);
  }

  /** Read a number from a field of a record. */
  get(row, field) {
    const [type, offset] = this.model.description.records[this.type].fields[field];
    return Number(this.numbers(type)[(row * this.itemSize + offset) / WORD]);
  }

  /** The same words, or the first of them, as an array of another type and shape. */
  seenAs(type, shape) {
    return new ModelArray(this.model, type, shape, this.pointer);
  }

  /** What a compiled function takes for an array: see numba's model of arrays. */
  passed() {
    const strides = this.shape.map((_, k) =>
      this.shape.slice(k + 1).reduce((product, length) => product * length, this.itemSize));
    return [0, 0, BigInt(this.size), BigInt(this.itemSize), this.pointer,
      ...this.shape.map(BigInt), ...strides.map(BigInt)];
  }
}

/** A module of compiled functions with its memory; it has the arrays of one world. */
export class Model {
  /**
   * Load a model.
   * @param {BufferSource} bytes what `model.wasm` has
   * @param {string} [version] the version of results that is needed; another is an error
   * @returns {Promise<Model>}
   */
  static async load(bytes, version) {
    const module = await WebAssembly.compile(bytes);
    const [section] = WebAssembly.Module.customSections(module, "orgsim");
    if (section === undefined) throw new Error("this is no module of orgsim");
    const description = JSON.parse(new TextDecoder().decode(section));
    const found = description.results_version;
    if (version !== undefined && version !== found) {
      throw new Error(`the model gives results of version ${found}, not ${version}`);
    }
    return new Model((await WebAssembly.instantiate(module)).exports, description);
  }

  constructor(exports, description) {
    this.description = description;
    this.memory = exports.memory;
    this.functions = exports;
    this.start = exports.__heap_base.value + ALIGNED - exports.__heap_base.value % ALIGNED;
    this.clear();
  }

  /** Forget all arrays. Memory stays as large as the largest world needed. */
  clear() {
    this.end = this.start + RETURNED;
  }

  /** Bytes of one value of a type. */
  itemSize(type) {
    return type in NUMBERS ? WORD : this.description.records[type].size;
  }

  /**
   * Make an array of zeros.
   * @param {string} type
   * @param {number[]} shape
   * @returns {ModelArray}
   */
  array(type, shape) {
    const array = new ModelArray(this, type, shape, this.end);
    const end = this.end + array.size * array.itemSize;
    this.end = end + (ALIGNED - end % ALIGNED) % ALIGNED;
    this.#reach(this.end);
    array.bytes.fill(0);
    return array;
  }

  /** Make memory as large as this, unless it is. */
  #reach(size) {
    const missing = Math.ceil((size - this.memory.buffer.byteLength) / PAGE);
    try {
      if (missing > 0) this.memory.grow(missing);
    } catch {
      throw new RangeError(`a world needs ${Math.ceil(size / 1e6)} MB, which are not there`);
    }
  }

  /**
   * Make an array of what is given.
   * @param {string} type
   * @param {{shape: number[], bytes: Uint8Array}} given
   * @returns {ModelArray}
   */
  arrayOf(type, { shape, bytes }) {
    const array = this.array(type, shape);
    if (bytes.length !== array.bytes.length) {
      throw new RangeError(`${bytes.length} bytes are no ${type}[${shape}]`);
    }
    array.bytes.set(bytes);
    return array;
  }

  /** Make a copy of an array. */
  copy(array) {
    const copied = this.array(array.type, array.shape);
    copied.bytes.set(array.bytes);
    return copied;
  }

  /**
   * Call a function of the module.
   * @param {string} name
   * @param {Object<string, ModelArray|number|bigint>} values its arguments by name, and
   *   others
   * @returns {bigint} the whole number that it returns; of no meaning if it returns none
   */
  call(name, values) {
    const passed = [this.start, this.start + ALIGNED];
    for (const [argument, type, dimensions] of this.description.functions[name]) {
      const value = values[argument];
      if (dimensions === 0) {
        passed.push(type === "float64" ? value : BigInt(value));
      } else if (value?.type === type && value.shape.length === dimensions) {
        passed.push(...value.passed());
      } else {
        throw new TypeError(`${argument} of ${name} is no array of ${type}[${dimensions}]`);
      }
    }
    const status = this.functions[name](...passed);
    if (status !== 0) throw new Error(`${name} failed with status ${status}`);
    return new BigInt64Array(this.memory.buffer, this.start, 1)[0];
  }
}

/**
 * Live one world from its founded state; arrays of an earlier world are forgotten.
 * @param {Model} model
 * @param {Object<string, {shape: number[], bytes: Uint8Array}>} founded all arrays of a
 *   `State` by name, as `Founder.found` gives them
 * @param {{weeks: number, probeWeek?: ?number, columns?: string[]}} job up to which week;
 *   in which a quarter of the wishes flips in a twin; which fields of people are kept
 * @returns {{series: Float64Array, probe: ?Float64Array, panel: ?BigInt64Array}} records
 *   of weeks, those of the twin, and words[weeks, people, columns] of people
 */
export function liveWorld(model, founded, { weeks, probeWeek = null, columns = [] }) {
  model.clear();
  const state = {};
  for (const [name, type] of model.description.state) {
    state[name] = model.arrayOf(type, founded[name]);
  }
  const people = columns.length > 0 ? state.people.shape[0] : 0;
  const panel = model.array("int64", [weeks, people, columns.length]);
  const series = model.array("week", [weeks]);
  const until = life(model, state, series, columns, panel);
  let probe = null;
  if (probeWeek !== null && probeWeek < weeks) {
    until(probeWeek);
    const twin = {};
    for (const name in state) twin[name] = model.copy(state[name]);
    for (const [one, real] of [[state, 0], [twin, 1]]) {
      one.firm.set(0, "shock_week", probeWeek);
      one.firm.set(0, "shock_is_real", real);
    }
    probe = model.copy(series);
    life(model, twin, probe, [], model.array("int64", [weeks, 0, 0]))(weeks);
  }
  until(weeks);
  return {
    series: series.numbers("float64").slice(),
    probe: probe && probe.numbers("float64").slice(),
    panel: columns.length > 0 ? panel.numbers().slice() : null,
  };
}

/** Return a function that lives a state until a week, as `Life.until` does. */
function life(model, state, series, columns, panel) {
  const { fields, size } = model.description.records.person;
  const words = state.people.seenAs("int64", [state.people.shape[0], size / WORD]);
  const places = model.array("int64", [columns.length]);
  places.numbers().set(columns.map(name => BigInt(fields[name][1] / WORD)));
  return until => model.call("live", { ...state, until, series, words, columns: places, panel });
}
