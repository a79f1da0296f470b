import { agentKind } from "../../provider/agent/kind";
import { environmentKind } from "../../provider/environment/kind";
import { chosenArguments, describedArguments, ownedArguments } from "../../provider/resource/arguments";
import { shownAfterWrite } from "../../provider/resource/baseline";
import { argumentFailures } from "../../provider/resource/check/check";
import { argumentNames, type ResourceKind } from "../../provider/resource/kind";
import { type BaseReply, toldOutputs } from "../../provider/resource/outputs";
import type { Properties } from "../../provider/resource/program-values";
import { changesBetween, patchBody } from "../../provider/resource/write/plan";
import { agentRows, mcp, type Row, team, toolset } from "./agent-rows";
import { environmentRows, limited, noPackages } from "./environment-rows";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function describeKind(kind: ResourceKind, rows: Readonly<Record<string, Row>>, valid: Properties): void {
  const only = (argument: string, value: unknown): Properties =>
    Object(value === undefined ? {} : { [argument]: value });
  const sentFor = (before: Properties, after: Properties) =>
    patchBody(changesBetween(kind, { arguments: before, outputs: {} }, after));
  const reply = (argument: string, shown: unknown): BaseReply => {
    const wires = argumentNames(kind).map((name) => [name, kind.fields[name]?.wire]);
    const wire = String(Object.fromEntries(wires)[argument]);
    // What every complete reply tells beside it.
    const complete = { id: "x_1", version: 1, config: { type: "cloud" } };
    return kind.reply.parse({ ...complete, [wire]: shown });
  };

  describe(kind.label, () => {
    test("has a row for each argument", () => {
      expect(Object.keys(rows)).toEqual(argumentNames(kind));
    });

    test.each(Object.entries(rows))(
      "%s is sent as the API names it, once, and cleared when it goes",
      (argument, row) => {
        const held = only(argument, row.value);
        expect(sentFor({}, held)).toEqual(row.sent);
        expect(sentFor(held, held)).toEqual({});
        expect(sentFor(held, {})).toEqual(row.removed);
      },
    );

    const pairs = (which: "same" | "renditions" | "drift") =>
      Object.entries(rows).flatMap(([argument, row]) =>
        (row[which] ?? []).map(([asked, shown]) => [argument, asked, shown] as const),
      );

    test.each(pairs("same"))("%s %j means what the service shows as %j", (argument, asked, shown) => {
      const owned = ownedArguments(kind, reply(argument, shown), only(argument, asked), {});
      expect(owned).toMatchObject(only(argument, asked));
      const outputs = toldOutputs(kind, reply(argument, shown));
      expect(
        patchBody(changesBetween(kind, { arguments: owned, outputs }, { ...owned, ...only(argument, asked) })),
      ).toEqual({});
    });

    test.each(pairs("renditions"))(
      "%s %j shown as %j is no difference after a write alone",
      (argument, asked, shown) => {
        const [live, held] = [reply(argument, shown), only(argument, asked)];
        expect(ownedArguments(kind, live, held, {})).not.toEqual(held);
        expect(ownedArguments(kind, live, held, shownAfterWrite(kind, live, held))).toMatchObject(held);
      },
    );

    test.each(pairs("drift"))("%s %j is not what the service shows as %j", (argument, asked, shown) => {
      const owned = ownedArguments(kind, reply(argument, shown), only(argument, asked), {});
      expect(Object.keys(sentFor(owned, { ...owned, ...only(argument, asked) }))).toHaveLength(1);
    });

    test.each(
      Object.entries(rows).flatMap(([argument, { refused = [] }]) => refused.map((one) => [argument, ...one] as const)),
    )("%s %j is refused: %s", (argument, given, message) => {
      const { [argument]: _, ...others } = valid;
      expect(argumentFailures(kind, { ...others, ...only(argument, given) })).toEqual([message]);
    });

    test("takes what is not known yet for what it may become", () => {
      for (const argument of argumentNames(kind)) {
        expect(argumentFailures(kind, { ...valid, [argument]: unknown })).toEqual([]);
      }
    });
  });
}

describeKind(agentKind, agentRows, { name: "a", model: "ultimate" });
describeKind(environmentKind, environmentRows, { name: "a", config: { type: "cloud" } });

test("an mcp_toolset whose server is not known yet, and a team whose tools are not, are left to the next check", () => {
  const declared = { name: "a", model: "ultimate" };
  const failures = (more: Properties) => argumentFailures(agentKind, { ...declared, ...more });
  expect(failures({ tools: [mcp], mcpServers: unknown })).toEqual([]);
  expect(failures({ tools: [mcp], mcpServers: [{ name: unknown, url: "a" }] })).toEqual([]);
  expect(failures({ tools: unknown, multiagent: team("agent_1") })).toEqual([]);
  expect(failures({ tools: [mcp], mcpServers: [{ name: "other", url: "a" }] })).toEqual([
    "tools[0].mcpServerName: names no server; mcpServers has other",
  ]);
});

test("an agent and an environment are described as a program would write them", () => {
  const agent = agentKind.reply.parse({
    id: "agent_1",
    name: "a",
    model: { id: "ultimate" },
    system: "",
    tools: [{ type: toolset, enabled_tools: ["Bash"] }],
    mcp_servers: [{ type: "url", name: "t", url: "u" }],
    skills: [],
    multiagent: null,
    metadata: {},
  });
  expect(describedArguments(agentKind, agent)).toEqual({
    name: "a",
    model: "ultimate",
    tools: [{ type: toolset, enabledTools: ["Bash"] }],
    mcpServers: [{ name: "t", url: "u" }],
  });
  const environment = environmentKind.reply.parse({
    id: "env_1",
    config: { type: "cloud", networking: limited, packages: { ...noPackages, apt: ["jq"] }, setup_script: "a" },
  });
  expect(chosenArguments(environmentKind, environment)).toEqual({
    config: { type: "cloud", packages: { apt: ["jq"] }, setupScript: "a" },
  });
});
