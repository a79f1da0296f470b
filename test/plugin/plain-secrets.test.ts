import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment } from "../../provider";
import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import { file, fileOf } from "../kinds/file";
import type { KindRow } from "../kinds/kind-row";
import { memoryStore } from "../kinds/memory-store";
import { vaultCredential } from "../kinds/vault-credential";
import { secretOf } from "../support/plugin-calls";
import { leastDeployment, mockEngine, registration } from "../support/registrations";
import { doors, type Properties, useDoor, World } from "../support/world";

const world = World.ofTests(deployment);

const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
const prompt = `Clone with ${token}, then report.`;

const cases = [
  [deployment, { environmentVariables: { MODE: "fast", GITHUB: token } }, "environmentVariables.GITHUB"],
  [deployment, { initialEvents: [{ type: "user.message", content: prompt }] }, "initialEvents[0].content"],
  [deployment, { metadata: { "to-ken": token } }, "metadata.to-ken"],
  [deployment, { description: prompt }, "description"],
  [deployment, { metadata: { [token]: "x" } }, "metadata"],
  [agent, { system: prompt }, "system"],
  [agent, { mcpServers: [{ name: "a", url: `https://mcp.example.com/?k=${token}` }] }, "mcpServers[0].url"],
  [environment, { config: { type: "cloud", setupScript: `export T=${token}` } }, "config.setupScript"],
  [memoryStore, { description: prompt }, "description"],
] as const;

async function previewed(kind: KindRow, more: Properties, command: Properties = {}) {
  world.reset({}, kind);
  const provider = world.command({ kind });
  await world.stackOf(kind, provider).preview({ ...world.args(more), __command: { isPreview: true, ...command } });
  await provider.end();
  return world.output.filter((line) => line.includes("[plain-secret]"));
}

const throughBoth = cases.flatMap(([kind, more, place]) =>
  doors.map((door) => ({ kind, label: kind.label, more, place, door })),
);

test.each(throughBoth)(
  "a preview through the door $door warns of a secret in plain text, $place of a $label, and an `up` repeats it if it changes the resource, and not otherwise",
  async ({ kind, more, place, door }) => {
    useDoor(door);
    world.reset({}, kind);
    const stack = world.stackOf(kind);
    const warnings = async (isPreview: boolean, args: Properties) => {
      world.output.length = 0;
      const given = { ...world.args(args), __command: { isPreview } };
      await (isPreview ? stack.preview(given) : stack.up(given));
      return world.output.filter((line) => line.includes("[plain-secret]"));
    };
    const warning = [expect.stringMatching(/^warning: \w+ "daily"/)];
    expect(await warnings(true, more)).toEqual(warning);
    expect(world.output.join()).toContain(
      `: ${place}: contains what looks like a GitHub token, which the state keeps in plain text; write config.requireSecret("...") or pulumi.secret(...), or give it in a QoderVaultCredential [plain-secret]`,
    );
    expect(world.output.join()).not.toContain(token.slice(4));
    expect(await warnings(false, more)).toEqual(warning);
    // Without a create and an update the plugin cannot tell an `up` from a preview.
    expect(await warnings(false, more)).toEqual(door === "plugin" ? warning : []);
    expect(await warnings(true, more)).toEqual(warning);
    expect(await warnings(false, { ...more, name: "renamed" })).toHaveLength(1);
  },
);

for (const door of doors) {
  test.each([
    [
      "deployment with a repository",
      deployment,
      { resources: [{ type: "github_repository", url: "https://github.com/a/b", authorizationToken: token }] },
    ],
    [
      "credential",
      vaultCredential,
      { auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token } },
    ],
    [
      "deployment with an example",
      deployment,
      { environmentVariables: { GITHUB: "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } },
    ],
    [
      "deployment with a mark",
      deployment,
      { environmentVariables: { SECRET: token } },
      { secretPlaces: [["environmentVariables"]] },
    ],
  ] as const)(
    `${door}: a preview of a %s does not warn of a member that is always secret or that the program marks, or of an example`,
    async (_, kind, args, command: Properties = {}) => {
      useDoor(door);
      expect(await previewed(kind, args, command)).toEqual([]);
    },
  );
}

test.each([
  ["the file of an import marks", "dynamic", token, { __secrets: ["environmentVariables.SECRET"] }],
  ["has the mark of a secret, by the plugin", "plugin", secretOf(token), {}],
] as const)(
  "no warning is given for a value that %s, and one for the plain value beside it",
  async (_, door, SECRET, more) => {
    useDoor(door);
    const given = { environmentVariables: { SECRET, PLAIN: token }, ...more };
    expect(await previewed(deployment, given)).toEqual([
      expect.stringContaining("environmentVariables.PLAIN: contains"),
    ]);
  },
);

test("the program tells which value is secret: no warning for it, and one for the plain value beside it", async () => {
  mockEngine(true);
  const variables = { SECRET: pulumi.secret(token), PLAIN: token };
  const { inputs } = await registration(
    new QoderDeployment("daily", { ...leastDeployment, environmentVariables: variables }),
  );
  expect(inputs["__command"]).toMatchObject({
    secretPlaces: [["environmentVariables", "SECRET"]],
  });
  const given = { environmentVariables: { SECRET: token, PLAIN: token } };
  expect(await previewed(deployment, given, Object(inputs["__command"]))).toEqual([
    expect.stringContaining("environmentVariables.PLAIN: contains"),
  ]);
});

test("the text of a file gives the warning, and so does the file that a program reads", async () => {
  expect(await previewed(file, fileOf(prompt))).toEqual([expect.stringContaining("content: contains what looks like")]);
  const remarks = [{ kind: "plain-secret", severity: "warning", text: "source: a" }];
  const source = { path: "/a", problems: [], remarks };
  expect(await previewed(file, fileOf(), { source })).toEqual([expect.stringContaining("source: a [plain-secret]")]);
});

test("a resource that acknowledges the kind gets no warning", async () => {
  expect(await previewed(environment, { description: prompt, acknowledge: ["plain-secret"] })).toEqual([]);
});
