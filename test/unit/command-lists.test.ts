import { QoderClient } from "../../provider/api/client";
import { environmentKind } from "../../provider/environment/kind";
import { usersOf } from "../../provider/resource/kind/references";
import { ObjectUsers } from "../../provider/resource/read/users-of";
import { json, startServer } from "./local-server";

// plugin/in-use.test.ts has the rest of what a command remembers of a list.
test("the list has no object of another kind with the same member, such as the agent of a deployment and of its run", async () => {
  const server = await startServer(json({ data: [{ id: "dep_1", environment_id: "env_1" }], has_more: false }));
  const client = QoderClient.connect(server.account);
  const lists = new ObjectUsers();
  for (const users of usersOf(environmentKind)) {
    await lists.users(client, users, "env_1");
    lists.wrote({ id: "drun_1", environment_id: "env_1" });
    expect((await lists.users(client, users, "env_1")).map(({ id }) => id)).toEqual(["dep_1"]);
  }
  expect(server.requests).toHaveLength(1);
  await client.close();
  await server.close();
});
