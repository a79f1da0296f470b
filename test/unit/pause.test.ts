import { diff, fields } from "../support/deployment";

const declared = { name: "report", agent: "agent_a", environmentId: "env_a", initialEvents: [] };
const active = { status: "active" };
const byHand = { status: "paused", pausedReason: { type: "manual" } };
const byError = { status: "paused", pausedReason: { type: "error", error: { type: "vault_not_found_error" } } };
const byUnknown = { status: "paused", pausedReason: { type: "budget_exceeded" } };

function changes(recorded: boolean | undefined, server: object, wanted: boolean | undefined): boolean {
  const paused = (value: boolean | undefined) => (value === undefined ? {} : { paused: value });
  return diff({ ...declared, ...server, ...paused(recorded) }, { ...declared, ...paused(wanted) }).changes;
}

test.each<[string, boolean | undefined, object, boolean | undefined, boolean]>([
  ["paused: true is new, and the deployment is active", undefined, active, true, true],
  ["paused: false is new, and the deployment is active", undefined, active, false, false],
  ["paused: false is new, and somebody paused the deployment by hand", undefined, byHand, false, true],
  ["paused: false is new, and the service paused the deployment", undefined, byError, false, false],
  ["the program has no paused, and somebody paused the deployment by hand", undefined, byHand, undefined, false],
  ["paused: false stays, and a refresh found a pause by hand", true, byHand, false, true],
  ["paused: false is new, and the deployment is paused for an unknown reason", undefined, byUnknown, false, false],
  ["paused: true becomes false after the service paused the deployment", true, byError, false, true],
  ["paused: true stays, and the deployment is paused", true, byHand, true, false],
])("%s (recorded %p, live %p, wanted %p): the preview shows a change: %p", (_, recorded, server, wanted, expected) => {
  expect(changes(recorded, server, wanted)).toBe(expected);
});

test.each<[object, boolean | undefined, boolean | undefined]>([
  [{ status: "paused", paused_reason: { type: "manual" } }, true, true],
  [{ status: "paused", paused_reason: { type: "error", error: { type: "vault_not_found_error" } } }, false, undefined],
  [{ status: "paused", paused_reason: { type: "budget_exceeded" } }, false, undefined],
  [{ status: "active", paused_reason: null }, false, undefined],
  [{ status: "resting" }, false, undefined],
])(
  "a deployment with %j is read as paused: %p if the program has false, and described as %p",
  (members, read, described) => {
    const deployment = { id: "dep_1", ...members };
    expect(fields.paused.live?.(deployment, false)).toBe(read);
    expect(fields.paused.describe(deployment)).toBe(described);
  },
);
