import { QoderClient } from "../../provider/api/client";
import { patience } from "../../provider/api/patience";
import { deploymentKind } from "../../provider/deployment/kind";
import { Ledger } from "../../provider/resource/engine/ledger";
import { Objects } from "../../provider/resource/read/objects";
import { create } from "../../provider/resource/write/create";
import { SkippingClock } from "../support/skipping-clock";
import { json, startServer } from "./local-server";

const least = { status: "active", created_at: "2026-06-14T08:53:32Z", updated_at: "2026-06-14T08:53:32Z" };

test("a create sends a limited number of different keys if the service answers each with an archived object, and then fails", async () => {
  const server = await startServer((request, response, count) =>
    json({ ...least, id: `dep_${count}`, name: "daily" })(request, response, count),
  );
  const ledger = new Ledger();
  for (let life = 0; life <= patience.generations; life += 1) {
    ledger.archived(`dep_${life}`);
  }
  const declaration = {
    wanted: { name: "daily" },
    adopt: undefined,
    origin: "urn:a",
    self: { entry: "a", origin: "urn:a", description: "a" },
    isReplacement: false,
  };
  try {
    const created = create(
      new Objects(QoderClient.connect(server.account, new SkippingClock()), deploymentKind),
      declaration,
      ledger,
    );
    await expect(created).rejects.toThrow(
      `objects with the same arguments were created and ended ${patience.generations} times in the last 24 hours, and the service repeats its responses to them.\nChange its description, or wait 24 hours`,
    );
    expect(new Set(server.requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(patience.generations);
  } finally {
    await server.close();
  }
});
