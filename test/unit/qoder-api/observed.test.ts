import { FormData } from "undici";
import { type Observed, observations } from "../../support/observed";
import { type Answer, type Fields, Lab } from "./lab";

/** The members of an object that are up to the user. */
const maps = ["metadata", "environment_variables"];

/** The value without what each object has of its own: for a text its type, for a list its elements, each form once. */
function formOf(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) {
    const forms = value.map((element) => JSON.stringify(formOf(element)));
    return [...new Set(forms)].sort();
  }
  if (typeof value !== "object" || value === null || maps.includes(name)) {
    return value === null ? null : typeof value;
  }
  const members = Object.entries(value).map(([inner, member]) => [inner, formOf(member, inner)]);
  return Object.fromEntries(members.sort(([one], [other]) => String(one).localeCompare(String(other))));
}

/** Microseconds since the epoch: of a time, and of the number of a skill's version; undefined for another value. */
function momentOf(value: unknown): number | undefined {
  const [, seconds, fraction = ""] = /^(\d{4}-\d\d-\d\dT[\d:]{8})(?:\.(\d+))?Z$/.exec(String(value)) ?? [];
  if (seconds !== undefined) {
    return Date.parse(`${seconds}Z`) * 1_000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
  }
  return typeof value === "string" && /^\d{16}$/.test(value) ? Number(value) : undefined;
}

/** Which times of an object are the same, and which are earlier. */
function relationsIn(body: unknown): string[] {
  const moments = Object.entries(Object(body)).flatMap(([name, value]) => {
    const at = momentOf(value);
    return at === undefined ? [] : [{ name, at }];
  });
  return moments.flatMap(({ name, at }) =>
    moments.flatMap((other) =>
      name >= other.name ? [] : [`${name} ${at === other.at ? "=" : at < other.at ? "<" : ">"} ${other.name}`],
    ),
  );
}
