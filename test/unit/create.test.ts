import { QoderClient } from "../../provider/api/client";
import { create } from "../../provider/lifecycle/create";
import { KnownDeployments } from "../../provider/lifecycle/known-deployments";
import { json, startServer } from "./local-server";

test("a declaration has 50 lives, each with a key of its own", async () => {
  const server = await startServer(json({ id: "dep_1", name: "daily" }));
  const known = new KnownDeployments();
  known.release("dep_1");
  const declaration = {
    wanted: { name: "daily" },
    origin: "urn:a",
    self: { entry: "a", description: "a" },
    isReplacement: false,
  };
  try {
    const created = create(QoderClient.connect(server.account), declaration, known);
    await expect(created).rejects.toThrow("created and archived 50 times within a day");
    expect(new Set(server.requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(50);
  } finally {
    await server.close();
  }
});
