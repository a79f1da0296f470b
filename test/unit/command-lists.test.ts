import { QoderClient } from "../../provider/api/client";
import { environmentKind } from "../../provider/environment/kind";
import { CommandLists } from "../../provider/resource/command-lists";
import type { BaseReply } from "../../provider/resource/outputs";
import { usersOf } from "../../provider/resource/references";
import { json, startServer } from "./local-server";

const live = [
  { id: "dep_1", name: "a", environment_id: "env_1" },
  { id: "dep_2", name: "b", environment_id: "env_1" },
  { id: "dep_3", name: "c", environment_id: "env_2" },
];
const [users] = usersOf(environmentKind);

/** The deployments that use the environment, after a look-up for another environment, and the number of requests. */
async function found(id: string, written: readonly BaseReply[]): Promise<[ids: string[], asked: number]> {
  const server = await startServer(json({ data: live, has_more: false }));
  const client = QoderClient.connect(server.account);
  try {
    if (users === undefined) throw new Error("no kind names environments");
    const lists = new CommandLists();
    await lists.users(client, users, "env_9");
    for (const one of written) lists.wrote(one);
    const found = await lists.users(client, users, id);
    return [found.map((user) => user.id), server.requests.length];
  } finally {
    await client.close();
    await server.close();
  }
}

test("a command lists the deployments once for all environments", async () => {
  expect(await found("env_1", [])).toEqual([["dep_1", "dep_2"], 1]);
});

test("the list leaves out a deployment that this command archived later", async () => {
  expect(await found("env_1", [{ id: "dep_1", archived_at: "now" }])).toEqual([["dep_2"], 1]);
});

test("the list has a deployment that this command moved later with its new environment only", async () => {
  const moved = { id: "dep_1", name: "a", environment_id: "env_2" };
  expect(await found("env_1", [moved])).toEqual([["dep_2"], 1]);
  expect(await found("env_2", [moved])).toEqual([["dep_1", "dep_3"], 1]);
});

test("the list includes a deployment that this command created later", async () => {
  expect(await found("env_2", [{ id: "dep_4", environment_id: "env_2" }])).toEqual([["dep_3", "dep_4"], 1]);
});

test("the list has no object of another kind with the same member, such as the agent of a deployment and of its run", async () => {
  expect(await found("env_2", [{ id: "drun_1", environment_id: "env_2" }])).toEqual([["dep_3"], 1]);
});
