import * as pulumi from "@pulumi/pulumi";
import { namedObjects } from "../../provider/resource/references";

const kind = { noun: "agent", collection: "agents" };
const unknown = pulumi.runtime.unknownValue;

test.each([
  ["a text", { agent: "agent_1" }, [{ path: ["agent"], id: "agent_1" }]],
  ["a value with an id", { agent: { id: "agent_1" } }, [{ path: ["agent", "id"], id: "agent_1" }]],
  [
    "a value with an id and a version",
    { agent: { id: "agent_1", version: 2 } },
    [{ path: ["agent", "id"], id: "agent_1", version: { path: ["agent", "version"], number: 2 } }],
  ],
  ["an unknown version", { agent: { id: "agent_1", version: unknown } }, [{ path: ["agent", "id"], id: "agent_1" }]],
  ["an unknown id", { agent: { id: unknown, version: 2 } }, []],
  ["an unknown value", { agent: unknown }, []],
  ["a value without an id", { agent: { type: "self" } }, []],
  ["no value", {}, []],
  ["null", { agent: null }, []],
])("namedObjects gives the places in which %s names another object", (_, given, named) => {
  expect(namedObjects([{ at: ["agent"], kind }], given)).toEqual(
    named.map((one) => ({ version: undefined, kind, ...one })),
  );
});

test.each([
  [
    { list: [{ to: "a" }, {}, "x", { to: "b" }] },
    [
      ["list", 0, "to"],
      ["list", 3, "to"],
    ],
  ],
  [{ list: unknown }, []],
  [{ list: { to: "a" } }, []],
])("namedObjects looks through each element of the list in %j", (given, paths) => {
  expect(namedObjects([{ at: ["list", "*", "to"], kind }], given).map(({ path }) => path)).toEqual(paths);
});
