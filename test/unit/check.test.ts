import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { planWarning } from "../../provider/resource/kind/diagnostics";
import { rowOf } from "../kinds/deployment";
import { argumentNames, check, createBody, wantedIn as toApply } from "../support/deployment";
import { wantedIn } from "./arbitraries";
import { declaredWith, required } from "./declared";

const failuresOf = (given: object) => check({}, { ...required, ...given }).failures;

/** One of the texts that the engine sends for an unknown value. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const mistakes = argumentNames.flatMap((name) =>
  (rowOf(name).mistakes ?? []).map(([value, failures]) => ({ given: { [name]: value }, failures: [failures].flat() })),
);
const strangers = [
  [{ nmae: "x" }, "nmae: is not an argument of a QoderDeployment; did you mean name?"],
  [{ environment_id: "env_a" }, "environment_id: is not an argument of a QoderDeployment; did you mean environmentId?"],
].map(([given, failure]) => ({ given: Object(given), failures: [failure] }));

test.each([...mistakes, ...strangers])("the check reports a mistake: $failures.0", ({ given, failures }) => {
  expect(failuresOf(given)).toEqual(failures);
});

test("the check also judges arguments that the state already has: another version may have a stricter rule", () => {
  const recorded = { ...required, description: 5 };
  expect(check(recorded, recorded).failures).toEqual(check({}, recorded).failures);
  expect(check(recorded, recorded).failures).toHaveLength(1);
});

test("each argument has a mistake among these tests", () => {
  expect(argumentNames.filter((name) => rowOf(name).mistakes === undefined)).toEqual([]);
});

test("the check reports all missing arguments at once", () => {
  const missing = ["name", "agent", "environmentId", "initialEvents"];
  expect(check({}, {}).failures).toEqual(missing.map((name) => `${name}: is missing`));
});

test("only the preview of an adoption names the arguments that the adoption clears", () => {
  const { remarks } = check({}, { ...required, adopt: "dep_a", vaultIds: ["vault_a"] });
  const cleared = "description, schedule, resources, environmentVariables";
  const takeover = "adopts dep_a: a removal from this stack then archives it for everybody";
  expect(remarks).toEqual([
    planWarning("adopt", `${takeover}, and this \`up\` clears what the program leaves out: ${cleared}`),
  ]);
  expect(check({}, { ...required, adopt: "dep_a" }, true).remarks).toEqual([]);
  expect(check(required, { ...required, adopt: "dep_a" }).remarks).toEqual([]);
  expect(check({}, { ...required, adopt: unknown }).remarks).toEqual([]);
  const { agent: _, ...incomplete } = required;
  expect(check({}, { ...incomplete, adopt: "dep_a" }).remarks).toEqual([]);
});

test("the check reports mistakes in several arguments at once, each with its path", () => {
  const failures = failuresOf({ agent: "x", schedule: { expression: "0 9 * * *" }, vaultIds: ["v"], colour: "red" });
  const places = failures.map((failure) => failure.split(":", 1)[0]);
  expect(places).toEqual(["colour", "agent", "schedule.timezone", "vaultIds[0]"]);
});

const limits = argumentNames.flatMap((name) => (rowOf(name).limits ?? []).map((value) => [name, value] as const));

test.each(limits)("the check accepts %s at its limit", (name, value) => {
  expect(failuresOf({ [name]: value })).toEqual([]);
});

test("the check accepts valid arguments, and does not change them", () => {
  fc.assert(
    fc.property(wantedIn, (declared) => {
      expect(check({}, declared)).toMatchObject({ inputs: declared, failures: [] });
    }),
  );
});

test("the check accepts an unknown value at any depth", () => {
  fc.assert(
    fc.property(declaredWith(fc.constant(unknown)), (declared) => {
      expect(check({}, declared.arguments).failures).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("the check reports mistakes beside an unknown value", () => {
  expect(failuresOf({ schedule: { expression: unknown, timezone: "Mars" }, vaultIds: [unknown, "v"] })).toEqual([
    'schedule.timezone: "Mars" is not an IANA time zone such as UTC, Europe/Berlin or Asia/Shanghai',
    "vaultIds[1]: is not the id of a vault: vault_ and letters, digits, _ or -; give the QoderVault itself, or its id",
  ]);
  expect(failuresOf({ schedule: { expression: unknown, timezone: "UTC", cron: "x" } })).toEqual([
    "schedule.cron: is not known here; known are expression, timezone",
  ]);
});

test("the check leaves out null at any depth", () => {
  const optional = { description: null, schedule: null, resources: null, paused: null, adopt: null };
  const event = { type: "user.define_outcome", description: "Done", rubric: { type: "file", fileId: "file_a" } };
  const given = { ...required, ...optional, initialEvents: [{ ...event, maxIterations: null }] };
  expect(check({}, { ...given, agent: { id: "agent_a", version: null } })).toMatchObject({
    inputs: { ...required, agent: { id: "agent_a" }, initialEvents: [event] },
    failures: [],
  });
});

test("the check keeps internal inputs, and the origin that the state has, also beside invalid time limits", () => {
  const hidden = { __provider: "text", __origin: "urn:new", __timeouts: { create: 60 } };
  for (const old of [{ __origin: "urn:first" }, { ...required, __origin: "urn:first", __timeouts: "soon" }]) {
    const inputs = { ...required, ...hidden, __origin: "urn:first" };
    expect(check(old, { ...required, ...hidden })).toMatchObject({ inputs, failures: [] });
  }
});

test.each<[string, object, object]>([
  ["a rewrite of an agent as an object", { agent: "agent_a" }, { agent: { id: "agent_a" } }],
  ["empty arguments", {}, { description: "", metadata: {}, resources: [], vaultIds: [], environmentVariables: {} }],
  ["the removal of empty arguments", { description: "", metadata: {}, vaultIds: [] }, {}],
  ["adopt on an existing deployment", {}, { adopt: "dep_a" }],
  ["the removal of adopt", { adopt: "dep_a" }, {}],
])("the check keeps the old inputs after %s, so a preview shows no change", (_, before, now) => {
  const old = { ...required, ...before };
  const body = createBody(toApply({ ...required, ...now }));
  expect(check(old, { ...required, ...now })).toEqual({
    ...{ inputs: old, exists: true, isNew: false, failures: [], remarks: [] },
    ...{ before: toApply(old), wanted: old, body },
  });
});

test.each([
  ["the empty arguments of a new deployment", {}, { description: "", adopt: "dep_a", agent: { id: "agent_a" } }],
  ["an unknown value in place of an unset one", required, { description: unknown, agent: { id: unknown } }],
])("the check keeps %s", (_, before, more) => {
  expect(check(before, { ...required, ...more }).inputs).toEqual({ ...required, ...more });
});

test("no message of the check repeats a value, except for a schedule", () => {
  const secret = fc.stringMatching(/^[a-z0-9]{12}$/).map((text) => `s3cret-${text}`);
  const anyShape = secret.chain((text) =>
    fc.constantFrom<unknown>(text, [text], { type: text }, { id: text }, { content: [{ text }] }, `${text};${text}`),
  );
  fc.assert(
    fc.property(declaredWith(anyShape), ({ arguments: declared, path }) => {
      // The message shows a schedule, because the user must find the mistake in it.
      fc.pre(path[0] !== "schedule");
      expect(check({}, declared).failures.join("\n")).not.toContain("s3cret");
    }),
    { numRuns: 500 },
  );
});

describe("an Output that became text", () => {
  const output = pulumi.output("agent_a");
  const asking = { type: "user.message", content: [{ type: "text", text: `Ask ${output}` }] };
  const [interpolated, serialized] = ["pulumi.interpolate`...`", "pulumi.jsonStringify(...)"].map(
    (call) => `holds an Output that became text, not its value; write ${call} or output.apply((value) => ...)`,
  );

  test.each<[object, string]>([
    [{ description: `run by ${output}` }, `description: ${interpolated}`],
    [{ description: JSON.stringify({ agent: output }) }, `description: ${serialized}`],
    [{ agent: `${output}` }, `agent: ${interpolated}`],
    [{ adopt: `dep_${output}` }, `adopt: ${interpolated}`],
    [{ initialEvents: [asking] }, `initialEvents[0].content[0].text: ${interpolated}`],
    [{ metadata: { team: `${output}` } }, `metadata.team: ${interpolated}`],
    [
      { environmentVariables: { A: "x", [`${output}`]: "x" } },
      `environmentVariables: the key at place 2 ${interpolated}`,
    ],
    [{ schedule: { expression: "0 9 * * *", timezone: `${output}` } }, `schedule.timezone: ${interpolated}`],
    [{ [`${output}`]: 1 }, `the argument at place 5 ${interpolated}`],
  ])("in %j is refused, and the message gives its place and the function to use", (given, failure) => {
    expect(failuresOf(given)).toEqual([failure]);
  });
});

test("a write refuses a value that is still unknown", () => {
  expect(() => toApply({ ...required, agent: { id: unknown }, vaultIds: [unknown] })).toThrow(
    "agent: is not known yet; vaultIds: is not known yet. The resource that provides it failed or was left out (`--target`)",
  );
  expect(toApply({ ...required, description: null, __origin: "urn:first" })).toEqual(required);
});

test("an imported resource without an origin gets no origin from the program", () => {
  expect(check(required, { ...required, __origin: "urn:new" }).inputs).toEqual(required);
});

test("the check enforces the largest size of a request, and names the largest argument", () => {
  const attached = (length: number) => {
    const source = { type: "base64", mediaType: "image/png", data: "A".repeat(length) };
    return { initialEvents: [{ type: "user.message", content: [{ type: "image", source }] }] };
  };
  const mb = 1024 * 1024;

  expect(failuresOf(attached(4 * mb - 1_000))).toEqual([]);
  expect(failuresOf({ ...attached(4 * mb), description: "x" })).toEqual([
    "initialEvents: makes a request of 4.01 MB; the API takes up to 4 MB",
  ]);
});
