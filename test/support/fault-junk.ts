import fc from "fast-check";
import { deploymentKind } from "../../provider/deployment/kind";
import { argumentNames, serverOutputs } from "./deployment";
import type { Properties } from "./provider";

/** Names with a meaning for the provider, the engine or JavaScript. */
const loadedNames = [
  ...argumentNames,
  ...Object.keys(serverOutputs({ id: "dep_1" })),
  ...["__origin", "__timeouts", "id", "code", "urn", "__proto__", "constructor", "toString"],
];
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const plausible = fc.constantFrom<unknown>(
  "agent_1",
  "env_1",
  { id: "agent_1", version: 1 },
  { expression: "0 9 * * *", timezone: "UTC" },
  [{ type: "user.message", content: "hello" }],
  [{ type: "file", fileId: "file_1" }],
  { a: "1" },
  { create: -1, update: 0, delete: 1e300 },
  "2026-06-14T08:53:32Z",
  unknownValue,
);
const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 3 }), plausible);
const anyName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...loadedNames) },
  fc.string({ minLength: 1, maxLength: 10 }),
);

export const anyProperties: fc.Arbitrary<Properties> = fc
  .dictionary(anyName, anyValue, { maxKeys: 12 })
  .map(({ __provider: _, ...properties }) => properties);

export const anyId = fc.oneof(fc.constantFrom("", "dep_1", "../agents", "dep_1/archive", "dep_1?a=b"), fc.string());

/** The inputs that only the program side of this package writes. A state may hold any value there. */
export const hiddenProperties: fc.Arbitrary<Properties> = fc.record(
  {
    __origin: anyValue,
    __timeouts: fc.oneof(fc.jsonValue(), fc.constant({ create: 60 })),
    __other: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

const wires = Object.values(deploymentKind.fields).flatMap(({ wire = [] }) => wire);

/** Members of a deployment reply with values that no page shows. */
export const wireMembers = fc.dictionary(
  fc.constantFrom(...wires, "status", "paused_reason", "created_at", "updated_at", "flavour"),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);
