import * as plugin from "../../../provider/plugin";
import { providerSource } from "../../../provider/program/source";
import { kinds } from "../../support/kinds";

test("every kind that the engine can load has a row in these tables", () => {
  const sources = kinds.map(({ source }) => source);
  const missing = Object.keys(plugin).filter((name) => !sources.includes(providerSource(name)));
  expect(missing).toEqual([]);
});

test.each(kinds)("every argument of a $label has a row", ({ fields, statusArgument, ...kind }) => {
  // Adopting has its own table, and what is not sent in the body its own tests.
  const others = ["adopt", ...(statusArgument === undefined ? [] : [statusArgument])];
  expect([...Object.keys(kind.arguments), ...others].sort()).toEqual(Object.keys(fields).sort());
});

test.each(kinds)("the secret of a $label is in a member that is declared secret", ({ fields, secret }) => {
  const names = Object.keys(secret("the secret"));
  expect(names.filter((name) => (fields[name]?.secretMembers ?? []).length === 0)).toEqual([]);
});
