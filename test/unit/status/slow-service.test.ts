import { startTricklingService } from "../trickling-service";
import { token, useStatusWorld } from "./status-world";

const world = useStatusWorld();

async function statusBehind(slow: RegExp, ...args: readonly string[]) {
  const service = await startTricklingService(world.api.url, slow);
  try {
    return await world.statusWith({ QODER_PAT: token, QODER_BASE_URL: service.url }, ...args);
  } finally {
    await service.close();
  }
}

const advice = "Run the same command again when the service is faster, or with more time \\(--timeout SECONDS\\)\n";
const limit = "the time limit of 2 s for the whole operation was reached";

test.each([[["--all"]], [[]]])(
  "the command prints the deployments it has read and stops at --timeout if a reply trickles in, for %j",
  async (selection) => {
    const [slow, quick] = [world.create("slow"), world.create("quick")];
    const args = selection.length === 0 ? [quick, slow] : selection;
    const { status, stdout, stderr } = await statusBehind(new RegExp(`${slow}/runs`), ...args, "--timeout", "2");
    expect(stdout).toContain("quick");
    expect(stdout).not.toContain("slow");
    const others = selection.length === 0 ? "1 of the deployments" : "the other deployments";
    expect(stderr).toMatch(
      new RegExp(
        `^pulumi-qoder status failed: GET /deployments/${slow}/runs got no answer: ${limit}. ${advice}Not read after that: ${others}\n$`,
      ),
    );
    expect(status).toBe(2);
  },
);

test("the deployments of the first page are shown even if the second page never ends", async () => {
  const ids = Array.from({ length: 101 }, (_, index) => world.create(`report-${index}`));
  const { status, stdout, stderr } = await statusBehind(
    /^\/deployments\?.*(after_id|page)=/,
    "--all",
    "--timeout",
    "20",
  );
  expect(stdout.match(/report-\d+/g)).toHaveLength(ids.length - 1);
  expect(stderr).toMatch(
    /^Read 100 deployments \.\.\.\npulumi-qoder status failed: GET \/deployments got no answer: the time limit/,
  );
  expect(status).toBe(2);
});

test.each(["0", "-1", "1.5", "5m", "", "1000000"])("--timeout refuses %j", async (seconds) => {
  expect(await world.status("--all", `--timeout=${seconds}`)).toEqual({
    status: 2,
    stdout: "",
    stderr: `pulumi-qoder: --timeout takes a whole number of seconds from 1 to 999999, not "${seconds}". See \`npx pulumi-qoder status --help\`\n`,
  });
});
