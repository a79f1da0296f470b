import type { QoderDeploymentArgs } from "../../provider";
import { check } from "../support/deployment";

const least: QoderDeploymentArgs = { agent: "agent_1", environmentId: "env_1", initialEvents: "hello" };

// The check refuses the same arguments as the compiler, because programs in plain JavaScript have no compiler.
const wrongShapes: Readonly<Record<string, QoderDeploymentArgs>> = {
  "a message without content": {
    ...least,
    // @ts-expect-error content is required
    initialEvents: [{ type: "user.message" }],
  },
  "an image in a system message": {
    ...least,
    // @ts-expect-error text blocks only
    initialEvents: [{ type: "system.message", content: [{ type: "image", source: { type: "url", url: "u" } }] }],
  },
  "a file with the url of a repository": {
    ...least,
    // @ts-expect-error fileId is required
    resources: [{ type: "file", url: "https://github.com/acme/a" }],
  },
  "a budget as a number": {
    ...least,
    // @ts-expect-error a decimal string
    budget: { maxCreditCost: 12.5 },
  },
  "an argument that does not exist": {
    ...least,
    // @ts-expect-error the API's spelling
    environment_id: "env_1",
  },
};

test.each(Object.entries(wrongShapes))("the compiler and the check refuse %s", (_, args) => {
  expect(check({}, { name: "daily", ...args }).failures).not.toEqual([]);
});
