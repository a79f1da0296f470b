import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { QoderDeploymentArgs } from "../../provider";
import { argumentNames, check } from "../support/deployment";

const least: QoderDeploymentArgs = { agent: "agent_1", environmentId: "env_1", initialEvents: "hello" };

// The check refuses the same arguments as the compiler, because programs in plain JavaScript have no compiler.
const wrongShapes: Readonly<Record<string, QoderDeploymentArgs>> = {
  "a message without content": {
    ...least,
    // @ts-expect-error content is required
    initialEvents: [{ type: "user.message" }],
  },
  "an event of an unknown kind": {
    ...least,
    // @ts-expect-error no such type
    initialEvents: [{ type: "assistant.message", content: "hello" }],
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
  "a schedule without time zone": {
    ...least,
    // @ts-expect-error timezone is required
    schedule: { expression: "0 9 * * *" },
  },
  "a budget as a number": {
    ...least,
    // @ts-expect-error a decimal string
    budget: { maxCreditCost: 12.5 },
  },
  "metadata with a number": {
    ...least,
    // @ts-expect-error strings only
    metadata: { tier: 1 },
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

test("the interface QoderDeploymentArgs and the table of fields have the same arguments", () => {
  expect([...argumentNames].sort()).toEqual(documentedArguments());
});

function documentedArguments(): string[] {
  const source = readFileSync(join(__dirname, "..", "..", "provider", "deployment", "arguments.ts"), "utf8");
  const [, body = ""] = /export interface QoderDeploymentArgs \{([\s\S]*?)\n\}/.exec(source) ?? [];
  const documented = [...body.matchAll(/\*\/\n {2}readonly (\w+)\??:/g)].map(([, name = ""]) => name);
  return documented.sort();
}
