import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../command/main";
import { ended } from "../ended";
import { token, useStatusWorld } from "../status/status-world";
import { deployment, provider, secret, useToldPulumi } from "./told-stack";

const world = useStatusWorld();
const told = useToldPulumi();
const ofProvider = "pt-of-another-account-7a11";
const ofConfiguration = "correct-horse-battery-staple";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-secrets-"));
  const ids = [`a ${ofProvider}`, `b ${ofConfiguration}`].map((name) => world.create(name));
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
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = [
  ["status"],
  ["status", "--json"],
  ["status", "--format", "prometheus"],
  ["status", "--since", "7d", "--svg", "FILE.svg"],
  ["limits"],
  ["limits", "--json"],
  ["calendar"],
  ["calendar", "--json"],
  ["calendar", "--svg", "FILE.svg"],
  ["pause", "--dry-run"],
  ["resume", "--dry-run"],
].map((args) => [args.join(" "), args] as const);

test.each(lines)(
  "no output of %s shows a secret of the stack in the name of a deployment",
  async (_, [name = "", ...args]) => {
    const file = join(folder, "picture.svg");
    const line = [name, "--stack", "dev", ...args.map((arg) => arg.replace("FILE.svg", file))];
    const { stdout, stderr } = await ended((streams) => run(line, told.pulumi.environment, streams));
    const all = [stdout, stderr, ...(args.includes("--svg") ? [readFileSync(file, "utf8")] : [])].join("");
    expect(all).not.toMatch(/pt-of-another|battery-staple/);
    expect(all).not.toMatch(/failed:/);
    if (name !== "resume") {
      expect(all).toContain("[secret]");
    }
    if (args.includes("--json")) {
      expect(() => JSON.parse(stdout)).not.toThrow();
    }
  },
);
