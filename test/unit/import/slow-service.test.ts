import { startTricklingService } from "../trickling-service";
import { ImportWorld, token } from "./import-world";

let world: ImportWorld;
beforeEach(async () => {
  world = await ImportWorld.start();
});
afterEach(() => world.stop());

async function importBehind(slow: RegExp, ...args: readonly string[]) {
  const service = await startTricklingService(world.api.url, slow);
  const environment = { QODER_PAT: token, QODER_BASE_URL: service.url };
  try {
    return await world.commandWith(environment, "import", ...args, "--out", world.out, "--timeout", "2");
  } finally {
    await service.close();
  }
}

const reason =
  "got no answer: the time limit of 2 s for the whole operation was reached. Run the same command again when the service is faster, or with more time (--timeout SECONDS)";

test("after the time limit in a list, the command reports the unread kind and imports the objects it has read", async () => {
  world.create("daily");
  const { agent, environment_id } = world.references;
  const { status, stderr } = await importBehind(/^\/deployments/, "--all");
  expect(world.importedIds()).toEqual([environment_id, agent]);
  expect(stderr).toBe(
    `Not all deployments were read: GET /deployments ${reason}. Those that were read are taken over; give the others by their ids (dep_...)\n`,
  );
  expect(status).toBe(1);
});

test("after the time limit with several ids, the command names the unread ids and imports the others", async () => {
  const [quick, slow, last] = [world.create("quick"), world.create("slow"), world.create("last")];
  const { status, stderr } = await importBehind(new RegExp(slow), quick, slow, last);
  expect(world.importedIds()).toEqual([quick]);
  const why = `GET /deployments/${slow} ${reason}`;
  expect(stderr).toBe(`Left out: ${slow}\n  ${why}\nLeft out: ${last}\n  ${why}\n`);
  expect(status).toBe(1);
});

test("if nothing was read in time, one line says so and the command exits with 1", async () => {
  world.create("daily");
  const { status, stdout, stderr } = await importBehind(/./, "--all");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toBe(`pulumi-qoder import failed: GET /environments ${reason}\n`);
});

test("--timeout without a number of seconds is refused as a wrong command line", async () => {
  const { status, stderr } = await world.command("import", "--all", "--timeout", "soon");
  expect(stderr).toBe(
    'pulumi-qoder: --timeout takes a whole number of seconds from 1 to 999999, not "soon". See `npx pulumi-qoder import --help`\n',
  );
  expect(status).toBe(2);
});
