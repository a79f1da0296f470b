import * as fc from "fast-check";
import { wantedIn } from "./arbitraries";
import { asObject, type Wire } from "./merge-rules";

/** The arguments that every declaration needs. */
export const required = {
  name: "report",
  agent: "agent_a",
  environmentId: "env_a",
  initialEvents: [{ type: "user.message", content: "Go" }],
};

export type Path = readonly string[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([name, member]) => pathsIn(member, [...path, name]))].filter(
    ({ length }) => length > 0,
  );
}

function replacedAt(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) {
    return replacement;
  }
  if (Array.isArray(value)) {
    return value.map((element, index) => (String(index) === name ? replacedAt(element, rest, replacement) : element));
  }
  const members = asObject(value);
  return { ...members, [name]: replacedAt(members[name], rest, replacement) };
}

/** Valid arguments in which one value at any depth is replaced. */
export function declaredWith(
  replacement: fc.Arbitrary<unknown>,
): fc.Arbitrary<{ readonly arguments: Wire; readonly path: Path; readonly replacement: unknown }> {
  return fc
    .tuple(wantedIn, replacement)
    .chain(([declared, value]) =>
      fc
        .constantFrom(...pathsIn(declared))
        .map((path) => ({ arguments: asObject(replacedAt(declared, path, value)), path, replacement: value })),
    );
}
