import { QoderClient } from "../../provider/api/client";
import { SkippingClock } from "../support/skipping-clock";
import { startTricklingService } from "./trickling-service";

test("a request whose answer trickles in ends after the time of one request, and is tried three times", async () => {
  const clock = new SkippingClock();
  const service = await startTricklingService("http://127.0.0.1:1", /./, () => clock.pass(500));
  const account = { baseUrl: service.url, token: "pt-1", workspaceId: undefined };
  const client = QoderClient.connect(account, clock);
  const work = { milliseconds: 600_000, requestMs: 1_000, hasFewTries: true };
  const sent = client.within(work).send({ method: "GET", path: ["agents", "agent_1"], repeat: "safe" });
  await expect(sent).rejects.toThrow(
    /^GET \/agents\/agent_1 got no answer: the answer was not complete after 1 s \(tried 3 times in \d+ s\)$/,
  );
  await client.close();
  await service.close();
});
