import { deploymentSchema } from "../../provider/deployment/reply";
import { planWarning } from "../../provider/resource/plan-remark";
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
  ["paused: true is new, and it is active", undefined, active, true, true],
  ["paused: false is new, and it is active", undefined, active, false, false],
  ["paused: false is new, and it was paused by hand", undefined, byHand, false, true],
  ["paused: false is new, and the service paused it", undefined, byError, false, false],
  ["paused: true is new, and the service paused it", undefined, byError, true, false],
  ["paused is not given, and it was paused by hand", undefined, byHand, undefined, false],
  ["paused: true left the program", true, byHand, undefined, false],
  ["paused: false stays, and a refresh found it paused by hand", true, byHand, false, true],
  ["paused: true stays, and a refresh found it active", false, active, true, true],
  ["paused: false stays, and the service paused it", false, byError, false, false],
  ["paused: false is new, and it was paused for a reason that nobody knows", undefined, byUnknown, false, false],
  ["paused: true becomes false", true, byHand, false, true],
  ["paused: true becomes false after the service paused it", true, byError, false, true],
  ["paused: true stays, and it is paused", true, byHand, true, false],
])("when %s, the preview shows a change: %p %p %p -> %p", (_, recorded, server, wanted, expected) => {
  expect(changes(recorded, server, wanted)).toBe(expected);
});

test("a pause after a failed run is reported with the service's reason, and one by hand is not", () => {
  expect(diff({ ...declared, ...byError }, declared).remarks).toEqual([
    planWarning(
      "paused-by-service",
      "the service paused this deployment after a failed run (vault_not_found_error); it does not run until somebody unpauses it",
    ),
  ]);
  expect(diff({ ...declared, ...byUnknown }, declared).remarks).toEqual([
    planWarning(
      "paused-by-service",
      "the service paused this deployment for the reason budget_exceeded; it does not run until somebody unpauses it",
    ),
  ]);
  expect(diff({ ...declared, ...byHand }, declared).remarks).toEqual([]);
});

test.each<[object, boolean | undefined, boolean | undefined]>([
  [{ status: "paused", paused_reason: { type: "manual" } }, true, true],
  [{ status: "paused" }, true, true],
  [{ status: "paused", paused_reason: { type: "error", error: { type: "vault_not_found_error" } } }, false, undefined],
  [{ status: "paused", paused_reason: { type: "budget_exceeded" } }, false, undefined],
  [{ status: "active", paused_reason: null }, false, undefined],
  [{ status: "resting" }, false, undefined],
  [{}, false, undefined],
])(
  "a deployment that says %j is read as paused: %p where the program says false, and described as %p",
  (members, read, described) => {
    const deployment = deploymentSchema.parse({ id: "dep_1", ...members });
    expect(fields.paused.read(deployment, false)).toBe(read);
    expect(fields.paused.describe(deployment)).toBe(described);
  },
);
