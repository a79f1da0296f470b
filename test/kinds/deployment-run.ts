import { deploymentRunKind } from "../../provider/deployment-run/kind";
import { deploymentRuns } from "../../provider/kinds/table";
import { createNamed } from "./deployment";
import { kindRow } from "./kind-row";

const never = () => {
  throw new Error("a run stays as it is");
};

export const deploymentRun = kindRow(deploymentRunKind, deploymentRuns, {
  least: { deploymentId: "dep_a" },
  rows: {},
  replacing: {
    deploymentId: { value: "dep_a", others: ["dep_b"] },
    triggers: {
      value: { commit: "4f2a", deep: { list: [1, null, "a"] } },
      others: [
        { commit: "4f2b", deep: { list: [1, null, "a"] } },
        { commit: "4f2a", deep: { list: [1, "a"] } },
        ["4f2a"],
        {},
        undefined,
      ],
      same: [{ deep: { list: [1, null, "a"] }, commit: "4f2a", none: null }],
    },
  },
  creates: [
    ["GET", "/deployments/dep_a"],
    ["GET", "/deployments/dep_a/runs"],
    ["POST", "/deployments/dep_a/run"],
  ],
  about: ["deployment"],
  prepare(api) {
    createNamed(api);
    for (const id of ["dep_a", "dep_b"]) {
      api.deployments.create(
        {
          name: id,
          agent: "agent_a",
          environment_id: "env_a",
          initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
        },
        undefined,
        undefined,
        id,
      );
    }
  },
  console: ({ runs }) => ({
    ...runs,
    live: runs.all,
    ...{ edit: never, archive: never, changeMember: never, restoreMembers: never },
  }),
});
