/** Requests to the server: they bring all that they are about. */
import { page } from "./state.mjs";
import { say } from "./telling.mjs";

/** What the server refused, with all problems. */
export class Refused extends Error {
  constructor(problems) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * Return the response to a request.
 * @param {string} path
 * @param {?(object|Blob)} body sent with POST; a table as JSON, anything else as it is
 */
export async function request(path, body = null) {
  const headers = { "accept-language": page.language }, plain = body === null || body instanceof Blob;
  let response;
  try {
    response = await fetch(path, body === null ? { headers } : { method: "POST", headers, body: plain ? body : JSON.stringify(body) });
  } catch {
    throw new Refused([say("unreachable")]);
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Refused(Array.isArray(told.problems) ? told.problems : [say("server_failed", { n: response.status })]);
}

export const ask = async (path, body) => (await request(path, body)).json();
