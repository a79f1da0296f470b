import * as program from "../../provider";
import * as dynamicProvider from "../../provider/dynamic-provider";
import { providerSource } from "../../provider/kinds/table";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { createdKinds, kinds, kindsWithSecret } from "../kinds";
import { ofOneCommand } from "../kinds/common";

// The verdict of an evaluation is a resource without an object at Qoder, which is no kind.
const loaded = Object.keys(dynamicProvider).filter((name) => name !== "verdict");

test("every kind that the engine can load has a row in the tables of the tests", () => {
  const sources = kinds.map(({ source }) => source);
  const missing = loaded.filter((name) => !sources.includes(providerSource(name)));
  expect(missing).toEqual([]);
});

test("every kind that the engine can load is served to programs in other languages", () => {
  const served = Object.values(servedKinds).map(({ source }) => source);
  expect([...served].sort()).toEqual(loaded.map(providerSource).sort());
});

test("every kind has a look-up in both forms, except started kinds and kinds whose row says hasNoLookUp", () => {
  const names = createdKinds
    .filter(({ label, hasNoLookUp }) => label in program && hasNoLookUp !== true)
    .map(({ label }) => label.replace("Qoder", "get"));
  expect(names.length).toBeGreaterThan(2);
  expect(program).toMatchObject(
    Object.fromEntries(names.flatMap((name) => [name, `${name}Output`]).map((name) => [name, expect.any(Function)])),
  );
});

test.each(kinds)("every argument of a $label has a row", ({ fields, statusArgument, ...kind }) => {
  // Arguments of one command and arguments that no body has are tested elsewhere.
  const adopt = Object.keys(fields).filter((name) => ofOneCommand.includes(name));
  const others = [
    ...adopt,
    ...(kind.ownTests ?? []),
    ...Object.keys(kind.replacing ?? {}),
    ...(statusArgument === undefined ? [] : [statusArgument]),
    ...Object.keys(fields).filter((name) => fields[name]?.isLocal),
  ];
  expect([...Object.keys(kind.arguments), ...others].sort()).toEqual(Object.keys(fields).sort());
});

test("a kind has secret members if and only if its row has a secret", () => {
  const isSecret = ({ secretMembers = [] }: { readonly secretMembers?: readonly string[] }) => secretMembers.length > 0;
  const declaring = kinds.filter(({ fields }) => Object.values(fields).some(isSecret));
  expect(kindsWithSecret.map(({ label }) => label)).toEqual(declaring.map(({ label }) => label));
});

test.each(kinds)("the row of a $label has `beside` if and only if an update of it carries a version", (kind) => {
  expect(kind.beside !== undefined).toBe(kind.isLocked);
});

test.each(kindsWithSecret)("the row of a $label puts its secret in a secret member", ({ fields, secret }) => {
  const names = Object.keys(secret("the secret"));
  expect(names.filter((name) => (fields[name]?.secretMembers ?? []).length === 0)).toEqual([]);
});
