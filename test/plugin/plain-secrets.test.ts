import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment } from "../../provider";
import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import { file, fileOf } from "../kinds/file";
import type { KindRow } from "../kinds/kind-row";
import { memoryStore } from "../kinds/memory-store";
import { vaultCredential } from "../kinds/vault-credential";
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

for (const door of doors) {
  test.each(cases)(`${door}: a preview of a $0.noun warns of a secret in plain text: $1`, async (kind, args, place) => {
    useDoor(door);
    expect(await previewed(kind, args)).toEqual([expect.stringMatching(/^warning: \w+ "daily"/)]);
    expect(world.output.join()).toContain(
      `: ${place}: contains what looks like a GitHub token, which the state keeps in plain text; write config.requireSecret("...") or pulumi.secret(...), or give it in a QoderVaultCredential [plain-secret]`,
    );
    expect(world.output.join()).not.toContain(token.slice(4));
  });

  test.each([
    [
      deployment,
      { resources: [{ type: "github_repository", url: "https://github.com/a/b", authorizationToken: token }] },
    ],
    [vaultCredential, { auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token } }],
    [deployment, { environmentVariables: { GITHUB: "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" } }],
  ] as const)(
    `${door}: a preview of a $0.noun does not warn of a member that is always secret, or of an example`,
    async (kind, args) => {
      useDoor(door);
      expect(await previewed(kind, args)).toEqual([]);
    },
  );

  test(`${door}: an argument that the program marks as secret gives no warning`, async () => {
    useDoor(door);
    const args = { environmentVariables: { SECRET: token } };
    expect(await previewed(deployment, args, { secretPlaces: [["environmentVariables"]] })).toEqual([]);
  });
}

test("an import gives no warning for the value that its file marks, and one for the plain value beside it", async () => {
  const variables = { SECRET: token, PLAIN: token };
  const given = { environmentVariables: variables, __secrets: ["environmentVariables.SECRET"] };
  expect(await previewed(deployment, given)).toEqual([expect.stringContaining("environmentVariables.PLAIN: contains")]);
});

const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

test("the plugin gives no warning for a value with the mark of a secret, and one for the plain value beside it", async () => {
  useDoor("plugin");
  const args = { environmentVariables: { SECRET: { ...mark, value: token }, PLAIN: token } };
  expect(await previewed(deployment, args)).toEqual([expect.stringContaining("environmentVariables.PLAIN: contains")]);
});

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

test.each(cases.flatMap(([kind, more, path]) => doors.map((door) => ({ kind, label: kind.label, more, path, door }))))(
  "an `up` repeats the warning about $path of a $label through the door $door if it changes the resource, and not otherwise",
  async ({ kind, more, door }) => {
    useDoor(door);
    world.reset({}, kind);
    const stack = world.stackOf(kind);
    const warnings = async (isPreview: boolean, args: Properties) => {
      world.output.length = 0;
      const given = { ...world.args(args), __command: { isPreview } };
      await (isPreview ? stack.preview(given) : stack.up(given));
      return world.output.filter((line) => line.includes("[plain-secret]")).length;
    };
    expect(await warnings(false, more)).toBe(1);
    // Without a create and an update the plugin cannot tell an `up` from a preview.
    expect(await warnings(false, more)).toBe(door === "plugin" ? 1 : 0);
    expect(await warnings(true, more)).toBe(1);
    expect(await warnings(false, { ...more, name: "renamed" })).toBe(1);
  },
);
