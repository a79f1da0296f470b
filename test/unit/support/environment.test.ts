import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pulumiEnvironment } from "../../../tools/pulumi-cli";

const cli = {
  executable: "/cli/bin/pulumi",
  folder: "/cli",
  version: "3.274.1",
  source: "cache",
  searchPath: ["/cli/bin"],
} as const;

const original = process.env;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-environment-"));
  process.env = { ...original };
});
afterEach(() => {
  process.env = original;
  rmSync(folder, { recursive: true });
});

test("the environment of the CLI blanks the developer's login and credentials, also merged with the variables of this process", () => {
  const pulumi = ["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK", "PULUMI_BACKEND_URL"];
  for (const name of [...pulumi, "QODER_PAT", "QODER_BASE_URL", "NODE_OPTIONS"]) {
    process.env[name] = "of-the-developer";
  }
  const merged = { ...process.env, ...pulumiEnvironment(cli, folder) };
  expect(Object.values(merged)).not.toContain("of-the-developer");
  expect(merged["PULUMI_BACKEND_URL"]).toBe(`file://${join(folder, "state").replaceAll("\\", "/")}`);
});

test("the environment of the CLI holds neither other variables of the developer nor the developer's PATH", () => {
  process.env["AWS_PROFILE"] = "production";
  const environment = pulumiEnvironment(cli, folder);
  expect(environment["AWS_PROFILE"]).toBeUndefined();
  expect(Object.values(environment)).not.toContain(original["PATH"]);
});

test("PATH begins with the CLI and its plugins, and continues with the running Node.js", () => {
  const path = pulumiEnvironment(cli, folder)["PATH"]?.split(delimiter);
  expect(path?.slice(0, 2)).toEqual(["/cli/bin", dirname(process.execPath)]);
});
