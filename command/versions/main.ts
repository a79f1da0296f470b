import { z } from "zod";
import { agentKind } from "../../provider/agent/kind";
import { changesOf, snapshotsOf } from "../../provider/agent/versions";
import { deploymentKind } from "../../provider/deployment/kind";
import { agents } from "../../provider/kinds/table";
import { findByName } from "../../provider/look-up/find";
import { Objects } from "../../provider/resource/read/objects";
import { accountOf, CommandClient } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, runCommand } from "../command";
import type { VersionJson, VersionsJson } from "../json";
import type { Streams } from "../printer";
import { accountOptions } from "../selection";
import type { Environment } from "../terminal";
import { commandTime, timeoutOption } from "../time";
import { jsonOutput, lines, printable, shown } from "../words";

export function runVersions(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  return runCommand(versionsCommand, args, streams, asked, async (command) => {
    const client = CommandClient.connect(accountOf(command.workspace, environment), command.time, streams);
    try {
      const found = await versionsOf(client, command.agent);
      streams.stdout.write(command.json ? jsonOutput(found) : textOf(found), command.json);
      return 0;
    } finally {
      await client.close();
    }
  });
}

const pinned = z.looseObject({ agent: z.looseObject({ version: z.number() }) });

async function versionsOf(client: CommandClient, named: string): Promise<VersionsJson> {
  const agent = named.startsWith(agents.idPrefix)
    ? await new Objects(client.forObject(), agentKind).get(named)
    : await findByName(new Objects(client.forList(), agentKind), named, undefined);
  const snapshots = await snapshotsOf(client.forList(), agentKind, agent.id);
  const running = new Map<number | undefined, VersionJson["deployments"]>();
  for await (const deployment of client.forList().live(deploymentKind, { agent_id: agent.id })) {
    const version = pinned.safeParse(deployment).data?.agent.version;
    const { id, name } = deployment;
    running.set(version, [...(running.get(version) ?? []), { id, name }]);
  }
  const versions = snapshots.map(({ version, createdAt, args }, place) => {
    const before = snapshots[place + 1];
    const changes = before === undefined ? undefined : changesOf(before.args, args);
    return { version, createdAt: createdAt ?? undefined, changes, deployments: running.get(version) ?? [] };
  });
  return { agent: { id: agent.id, name: agent.name }, versions };
}

function textOf({ agent, versions }: VersionsJson): string {
  const parts = versions.map(({ version, createdAt, changes, deployments }) => {
    const first = changes === undefined ? ["  the oldest version"] : ["  nothing that a program declares differs"];
    const runs = deployments.map((one) => `  runs in ${shown(one)}`);
    const changed = (changes ?? []).flatMap(({ argument, lines: changedLines }) => [
      `  ${argument}`,
      ...changedLines.map((line) => `    ${printable(line)}`),
    ]);
    const head = `Version ${version}${createdAt === undefined ? "" : `, ${printable(createdAt)}`}`;
    return [head, ...(changed.length > 0 ? changed : first), ...runs];
  });
  return lines([shown(agent), ...parts.flatMap((part) => ["", ...part])]);
}

const options = {
  json: flag("print JSON, as docs/reference/json.md says"),
  ...accountOptions,
  timeout: timeoutOption,
} as const;

export const versionsCommand: CommandRow<typeof options> = {
  name: "versions",
  brief: "lists the versions of an agent, what changed, and who runs them",
  usage: "AGENT [options]",
  does: "Lists the versions of an agent, the newest first: the date, the changes from the previous version, and the live deployments that run the version. Sends GET requests only.",
  argument: ["AGENT", "the id (agent_...) or the name of the agent"],
  options,
  statuses: { 0: "the versions were listed", 1: "the command failed" },
  page: "docs/commands.md#versions",
};

function asked({ values, positionals }: CommandLine<typeof options>) {
  const [agent, ...others] = positionals;
  if (others.length > 0) {
    throw new Misuse("give one agent; a name with spaces needs quotes");
  }
  const { json, workspace, timeout } = values;
  return agent === undefined ? undefined : { agent, json, workspace, time: commandTime(timeout) };
}
