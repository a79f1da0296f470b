import { readFileSync } from "node:fs";
import { run } from "../../../command/main";
import { TemporaryFolder } from "../../support/temporary-folder";
import { ended } from "../ended";
import { token, useStatusWorld } from "../status/status-world";
import { deployment, provider, secret, useToldPulumi } from "./told-stack";

const world = useStatusWorld();
const told = useToldPulumi();
const ofProvider = "pt-of-another-account-7a11";
const ofConfiguration = "correct-horse-battery-staple";

const folder = TemporaryFolder.ofTests();
beforeEach(() => {
  const ids = ["a", `b ${ofConfiguration}`].map((name) => world.create(name));
  told.pulumi.says("config", {
    stdout: JSON.stringify({
      "qoder:pat": { value: token, secret: true },
      "qoder:baseUrl": { value: world.api.url },
      "fleet:key": { value: ofConfiguration, secret: true },
    }),
  });
  told.pulumi.export(
    provider("default"),
    provider("other", { "qoder:account": "other", "qoder:pat": secret(ofProvider) }),
    ...ids.map((id, index) => deployment(`daily-${index}`, id)),
  );
});

const lines = [
  ...["status", "status --json", "status --since 7d --svg FILE.svg"],
  ...["limits", "limits --json", "calendar", "calendar --json", "calendar --svg FILE.svg"],
  ...["pause --dry-run", "resume --dry-run", "pause --cancel --dry-run", "cancel daily-0 --yes"],
  ...["run daily-0 --dry-run", "run --missed --dry-run"],
];

test.each(lines)("%s --stack decrypts the token alone", async (words) => {
  const [name = "", ...args] = words.split(" ");
  const file = folder.at("picture.svg");
  const line = [name, "--stack", "dev", ...args.map((arg) => arg.replace("FILE.svg", file))];
  const { stdout, stderr } = await ended((streams) => run(line, told.pulumi.environment, streams));
  const all = [stdout, stderr, ...(args.includes("--svg") ? [readFileSync(file, "utf8")] : [])].join("");
  const asked = told.pulumi.asked();
  expect(asked.flat()).not.toContain("--show-secrets");
  expect(asked.filter(([, does]) => does === "get").map((one) => one[2])).toEqual(["qoder:pat"]);
  expect(all).not.toMatch(/failed:/);
  if (args.includes("--json")) {
    expect(() => JSON.parse(stdout)).not.toThrow();
  }
});

test("logs decrypts the secrets of the stack, and shows none in the name of a deployment", async () => {
  const [, id = ""] = world.api.deployments.all().map((one) => one.id);
  world.api.deployments.runBySchedule(id);
  const line = ["logs", "daily-1", "--stack", "dev"];
  const { status, stdout } = await ended((streams) => run(line, told.pulumi.environment, streams));
  expect([status, stdout]).toEqual([0, expect.stringContaining(`${id} "b [secret]"`)]);
});

test("a QoderProvider whose token only the state has is a reason to decrypt the state", async () => {
  told.pulumi.export(
    provider("other", { "qoder:account": "other", "qoder:pat": secret(token), "qoder:baseUrl": world.api.url }),
    deployment("daily", world.create("c"), "other"),
  );
  expect(await ended((streams) => run(["status", "--stack"], told.pulumi.environment, streams))).toMatchObject({
    status: 0,
  });
  expect(told.pulumi.asked()).toContainEqual(expect.arrayContaining(["export", "--show-secrets"]));
});
