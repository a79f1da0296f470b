import { delimiter, dirname } from "node:path";
import { pulumiEnvironment } from "../../../tools/pulumi-cli";
import { TemporaryFolder } from "../../support/temporary-folder";

const cli = {
  executable: "/cli/bin/pulumi",
  folder: "/cli",
  version: "3.274.1",
  source: "cache",
  searchPath: ["/cli/bin"],
} as const;

const original = process.env;
const folder = TemporaryFolder.ofTests();
beforeEach(() => {
  process.env = { ...original };
});
afterEach(() => {
  process.env = original;
});

test("the environment of the CLI has neither the login, the credentials nor other variables of the developer, also merged with those of this process", () => {
  process.env["AWS_PROFILE"] = "production";
  const pulumi = ["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK", "PULUMI_BACKEND_URL"];
  for (const name of [...pulumi, "QODER_PAT", "QODER_BASE_URL", "NODE_OPTIONS"]) {
    process.env[name] = "of-the-developer";
  }
  const environment = pulumiEnvironment(cli, folder.path);
  const merged = { ...process.env, ...environment };
  expect(Object.values(merged)).not.toContain("of-the-developer");
  expect(environment).not.toHaveProperty("AWS_PROFILE");
  expect(Object.values(environment)).not.toContain(original["PATH"]);
  expect(environment["PATH"]?.split(delimiter).slice(0, 2)).toEqual(["/cli/bin", dirname(process.execPath)]);
  expect(merged["PULUMI_BACKEND_URL"]).toBe(`file://${folder.at("state").replaceAll("\\", "/")}`);
});
