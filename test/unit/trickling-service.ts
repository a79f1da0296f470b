import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { z } from "zod";

const betweenBytesMs = 5;

/** A service that never ends its answers to the slow paths, and passes all other requests on. It calls `sent` after each byte. */
export async function startTricklingService(behind: string, slow: RegExp, sent = () => {}) {
  const timers = new Set<NodeJS.Timeout>();
  const trickle = (response: ServerResponse) => {
    response.sendDate = false;
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => {
      response.write(" ");
      sent();
    }, betweenBytesMs);
    timers.add(timer);
    response.on("close", () => clearInterval(timer));
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    if (slow.test(path)) {
      trickle(response);
      return;
    }
    const { authorization = "" } = request.headers;
    const answer = await fetch(`${behind}${path}`, { headers: { authorization } });
    const date = answer.headers.get("date") ?? "";
    response.writeHead(answer.status, { "content-type": "application/json", date }).end(await answer.text());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      timers.forEach(clearInterval);
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
