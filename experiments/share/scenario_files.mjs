/** What is chosen as two scenario files, as-is and to-be, for the command line. */

const text = value => JSON.stringify(value);
const plain = value => typeof value === "number" ? String(value) : text(value);

/**
 * Return the files by name.
 * @param {object} data what the page was made with: base name, files, their names, heads, euros, titles
 * @param {object} choice what is chosen
 * @param {{en: string, nl: string}} titles what the to-be is called
 * @param {?{en: string, nl: string}} asked the question that it answers, if it has one
 */
export function scenarioFiles(data, choice, titles, asked = null) {
  const [asIsName, toBeName] = data.names;
  const differ = (given, usual) => Object.entries(given ?? {}).filter(([name, value]) => value !== usual[name].value);
  const asIs = [
    `title = ${inBoth(data.today)}`,
    `based_on = ${text(data.basedOn)}`,
    `as_is = "self"`,
    ...(data.dated ? ["changes = []"] : []),
    ...table("organisation", differ(choice.heads, data.heads ?? {})),
    ...table("parameters", differ(choice.euros, data.euros)),
    ...table("levers", Object.entries(choice.levers)),
    ...table("run", [["weeks", choice.weeks]]),
  ];
  const toBe = [
    `title = ${inBoth(titles)}`,
    ...(asked ? [`question = ${inBoth(asked)}`] : []),
    `based_on = ${text(asIsName)}`,
    ...changes(choice),
  ];
  return { ...data.files, [asIsName]: `${asIs.join("\n")}\n`, [toBeName]: `${toBe.join("\n")}\n` };
}

const inBoth = ({ en, nl }) => `{ en = ${text(en)}, nl = ${text(nl)} }`;

function table(head, rows) {
  return rows.length ? ["", `[${head}]`, ...rows.map(([name, value]) => `${name} = ${plain(value)}`)] : [];
}

/** Lines of the changes: those of week 0 first, then week by week. */
function* changes({ plan, numbers }) {
  const weeks = [...new Set([...plan, ...numbers].map(row => row[0]))].sort((a, b) => a - b);
  for (const week of weeks) {
    const at = rows => rows.filter(row => row[0] === week).map(row => row.slice(1));
    if (week === 0) {
      yield* table("levers", at(plan));
      yield* table("structure", at(numbers));
      continue;
    }
    yield* ["", "[[changes]]", `week = ${week}`];
    for (const [head, rows] of [["levers", at(plan)], ["structure", at(numbers)]]) {
      if (rows.length) yield `${head} = { ${rows.map(([name, value]) => `${name} = ${plain(value)}`).join(", ")} }`;
    }
  }
}
