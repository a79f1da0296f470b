import { Sink } from "../../../command/printer";
import { runStatus } from "../../../command/status/main";
import { ended } from "../ended";
import { startTricklingService } from "../trickling-service";
import { idsOf, notAsked, token, useStatusWorld } from "./status-world";

const world = useStatusWorld();

test("an id that the token cannot see is listed as not known, and the others are shown", async () => {
  const id = world.create("daily");
  const { status, stdout, stderr } = await world.status("dep_none", id, "--json");
  expect(idsOf(stdout)).toEqual([id]);
  expect(stderr).toBe(
    "Not known: dep_none\n  this token sees no such deployment; check the id, the account and the workspace\n",
  );
  expect(status).toBe(2);
});

test("a deployment whose runs cannot be read is listed as not known with the reason, and the others are shown", async () => {
  const [first, broken, last] = [world.create("first"), world.create("broken"), world.create("last")];
  const path = `/deployments/${broken}/runs`;
  world.fault(path, { status: 403 });
  const { status, stdout, stderr } = await world.status("--all", "--json");
  expect(idsOf(stdout)).toEqual([last, first]);
  expect(stderr).toMatch(
    new RegExp(`^Not known: ${broken} "broken"\n  GET ${path} was answered with 403 .*--workspace.*\n$`),
  );
  expect(status).toBe(2);
});

test("members of a reply in a new form do not hide the status", async () => {
  const id = world.create("daily");
  const schedule = { type: "interval", every: "1h", upcoming_runs_at: ["2026-11-21T01:00:00Z"] };
  const members = { vault_ids: "vault_a", initial_events: null, name: null, schedule };
  world.fault(`/deployments/${id}`, { members });
  const stdout = expect.stringMatching(`${id} +Nov 21 09:00`);
  expect(await world.status(id)).toMatchObject({ status: 0, stdout, stderr: "" });
});

test.each([
  [{ status: undefined }, "status is not as the API documents it: Invalid input: expected string, received undefined"],
  [{ id: "dep_2" }, "the service answered with another deployment, dep_2"],
])("a deployment whose reply has %j is listed as not known", async (members, reason) => {
  const id = world.create("daily");
  world.fault(`/deployments/${id}`, { members });
  expect(await world.status(id)).toEqual({ ...notAsked, stderr: `Not known: ${id}\n  ${reason}\n` });
});

test("a list without an end is reported, and the deployments that were read are shown", async () => {
  world.create("daily");
  world.fault("/deployments", { members: { has_more: true } });
  const { status, stdout, stderr } = await world.status("--all");
  expect(stdout).toContain("daily");
  expect(stderr).toMatch(
    /^pulumi-qoder status failed: GET \/deployments was answered with 200, but has_more is true.*\nNot read after that: the other deployments\n$/,
  );
  expect(status).toBe(2);
});

test("without a token or with a wrong token, one line names the variables to set and hides the token", async () => {
  const ids = Array.from({ length: 100 }, (_, index) => world.create(`report-${index}`));
  for (const environment of [{}, { QODER_PAT: " ", QODER_ACCESS_TOKEN: "" }]) {
    const none = await world.statusWith(environment, ...ids);
    expect(none).toMatchObject(notAsked);
    expect(none.stderr).toMatch(/^pulumi-qoder status failed: no Qoder access token: .* With --stack, .*\n$/);
  }
  expect(world.requests).toEqual([]);
  for (const selected of [ids, ["--all"], [...ids, "--json"]]) {
    const wrong = await world.statusWith({ QODER_PAT: "pt-expired", QODER_BASE_URL: world.api.url }, ...selected);
    expect(wrong).toMatchObject(notAsked);
    expect(wrong.stderr).toMatch(
      /^pulumi-qoder status failed: GET \/deployments.* was answered with 401 .* Set a valid token in QODER_PAT\n$/,
    );
    expect(wrong.stderr).not.toContain("pt-expired");
    // Sixteen deployments at a time, and the list of open sessions: then no other request is sent.
    expect(world.requests.length).toBeLessThanOrEqual(17);
    world.api.clearRequests();
  }
});

test("with the key of a service account the command makes one exchange, and reports a refused key in one line", async () => {
  const { id: serviceAccount, key } = world.api.serviceAccounts.create();
  const ids = [world.create("first"), world.create("second")];
  const environment = { QODER_SA_KEY: key, QODER_BASE_URL: world.api.url };
  expect(await world.statusWith(environment, ...ids)).toMatchObject({ status: 0, stderr: "" });
  const exchanges = () => world.requests.filter((line) => line.startsWith("POST"));
  expect(exchanges()).toEqual(["POST /api/v1/serviceToken/exchange"]);
  world.api.serviceAccounts.revoke(serviceAccount);
  const refused = await world.statusWith(environment, ...ids);
  expect(refused).toMatchObject(notAsked);
  expect(refused.stderr).toMatch(
    /^pulumi-qoder status failed: http\S+ gave no token for the service account key from QODER_SA_KEY: .*\n$/,
  );
  expect(refused.stderr).not.toContain(key);
  expect(exchanges()).toHaveLength(2);
});

test("if no server answers, one line says so", async () => {
  const environment = { QODER_PAT: token, QODER_BASE_URL: "http://127.0.0.1:1" };
  const { stderr, ...rest } = await world.statusWith(environment, "dep_1", "dep_2", "dep_3");
  expect(rest).toEqual(notAsked);
  expect(stderr).toMatch(
    /^pulumi-qoder status failed: GET \/deployments\/dep_\d got no answer: .*\. Check the network and QODER_BASE_URL, then run the same command again\n$/,
  );
});

test("if the server stops answering, the command stops and prints the deployments it has read", async () => {
  const ids = Array.from({ length: 40 }, (_, index) => world.create(`report-${index}`));
  world.api.fault({ kind: "reset-before", path: /^\/deployments\/dep_/, skip: 20, times: Number.POSITIVE_INFINITY });
  const { status, stdout, stderr } = await world.status(...ids, "--json");
  const told = idsOf(stdout);
  expect(ids).toEqual(expect.arrayContaining(told));
  expect(stderr).toMatch(/^pulumi-qoder status failed: GET .*\nNot read after that: \d+ of the deployments\n$/);
  expect(stderr).toContain(`: ${ids.length - told.length} of`);
  expect(status).toBe(2);
});

/** Runs the command with an answer that trickles in, and ends its time limit when 100 deployments are read. */
async function statusBehind(slow: RegExp, ...args: readonly string[]) {
  const service = await startTricklingService(world.api.url, slow);
  const environment = { QODER_PAT: token, QODER_BASE_URL: service.url };
  try {
    return await ended((streams) => {
      const write = (text: string) => {
        streams.stderr.write(text);
        if (text.startsWith("Read 100 ")) {
          world.clock.pass(50_000);
        }
      };
      return runStatus([...args, "--timeout", "50s"], environment, {
        ...streams,
        stderr: new Sink({ write }),
      });
    });
  } finally {
    await service.close();
  }
}

const limit = "the time limit of 50 s for the whole operation was reached";

test.each(["--all", "ids"])(
  "the command prints the deployments it has read and stops at --timeout if a reply trickles in, for %s",
  async (selection) => {
    const quick = Array.from({ length: 100 }, (_, index) => world.create(`quick-${index}`));
    const slow = world.create("slow");
    const args = selection === "ids" ? [slow, ...quick] : [selection];
    const { status, stdout, stderr } = await statusBehind(new RegExp(`${slow}/runs`), ...args);
    expect(stdout.match(/quick-/g)).toHaveLength(100);
    expect(stdout).not.toContain("slow");
    const others = selection === "ids" ? "1 of the deployments" : "the other deployments";
    expect(stderr).toBe(
      `Read 100 deployments ...\npulumi-qoder status failed: GET /deployments/${slow}/runs got no answer: ${limit}. Run the same command again with more time (--timeout TIME, such as 10m)\nNot read after that: ${others}\n`,
    );
    expect(status).toBe(2);
  },
);

test("a 404 for a base URL without the path of the API names this URL and the path", async () => {
  const { origin } = new URL(world.environment.QODER_BASE_URL);
  const { status, stderr } = await world.statusWith({ QODER_PAT: token, QODER_BASE_URL: origin }, "--all");
  expect(stderr).toContain(`${origin} lacks this path`);
  expect(stderr).toContain("end with /api/v1/cloud");
  expect(status).not.toBe(0);
});
