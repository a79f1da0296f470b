import type { Switches } from "../../qoder-api/index";
import { type Fields, invalid, keys, useLab } from "./lab";

const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };
const LIMITED = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };
const SCRIPT = "set -euo pipefail\ncd /data/workspace/repo && pnpm install --frozen-lockfile";

const cloud = (fields: Fields = {}) => ({ config: { type: "cloud", ...fields } });
const shown = (fields: Fields = {}) => cloud({ packages: NO_PACKAGES, ...fields });
const selfHosted = (fields: Fields = {}) => ({ config: { type: "self_hosted", ...fields } });

describe("an environment body", () => {
  const lab = useLab();
  const create = (fields: Fields = {}) => lab.post("/environments", { name: "sandbox", ...cloud(), ...fields });
  const update = (fields: Fields) => lab.post(`/environments/${lab.environment}`, fields);

  test.each<[string, Fields]>([
    ["name", { name: "" }],
    ["name", { name: null }],
    ["config", { config: null }],
    ["config.type", { config: {} }],
    ["config.type", { config: { type: "managed" } }],
    ["config.image", cloud({ image: "x" })],
    ["config.networking", cloud({ networking: "unrestricted" })],
    ["config.networking.type", cloud({ networking: { type: "allowed_hosts" } })],
    ["config.networking.allowed_hosts", cloud({ networking: { type: "unrestricted", allowed_hosts: [] } })],
    ["config.networking.allowed_hosts.0", cloud({ networking: { type: "limited", allowed_hosts: [1] } })],
    ["config.networking.allow_mcp_servers", cloud({ networking: { type: "limited", allow_mcp_servers: "yes" } })],
    ["config.packages.brew", cloud({ packages: { brew: ["x"] } })],
    ["config.packages.apt", cloud({ packages: { apt: "curl" } })],
    ["config.packages.apt.0", cloud({ packages: { apt: [""] } })],
    ["config.packages.cargo", cloud({ packages: { cargo: ["ripgrep"] } })],
    ["config.packages.gem", cloud({ packages: { gem: ["rake"] } })],
    ["config.packages.go", cloud({ packages: { go: ["x/tools"] } })],
    ["config.setup_script", cloud({ setup_script: "é".repeat(32_769) })],
    ["config.setup_script", cloud({ setup_script: null })],
    ["config.networking", selfHosted({ networking: { type: "unrestricted" } })],
    ["config.packages", selfHosted({ packages: {} })],
    ["metadata", { metadata: keys(17) }],
    ["metadata.k", { metadata: { k: "v".repeat(513) } }],
    ["metadata", { metadata: null }],
    ["scope", { scope: "account" }],
    ["status", { status: "ready" }],
  ])("with a wrong %s is refused on create and on update: %j", async (param, fields) => {
    const refusal = invalid({ param });
    expect(await create(fields)).toEqual(refusal);
    const before = lab.api.environments.get(lab.environment);
    expect(await update(fields)).toEqual(refusal);
    expect(lab.api.environments.get(lab.environment)).toEqual(before);
  });

  test.each(["name", "config"])("without %s is refused on create", async (field) => {
    const message = `Missing required field: ${field}`;
    expect(await create({ [field]: undefined })).toEqual(invalid({ message }));
  });

  test.each<[Partial<Switches>, Fields, Fields]>([
    [{}, { name: "n".repeat(1_000) }, { status: 200 }],
    [{ environmentNameLimit: 256 }, { name: "n".repeat(256) }, { status: 200 }],
    [{ environmentNameLimit: 256 }, { name: "n".repeat(257) }, { status: 400 }],
    [{ createStatus: 201 }, {}, { status: 201 }],
    [{ environmentConfig: "optional" }, { config: undefined }, { body: shown() }],
    [{ environmentConfig: "optional" }, { config: null }, { status: 400 }],
    [{}, selfHosted({ setup_script: SCRIPT }), { body: selfHosted({ setup_script: SCRIPT }) }],
    [{}, cloud({ setup_script: "" }), { body: shown({ setup_script: "" }) }],
    [{}, cloud({ setup_script: "é".repeat(32_768) }), { status: 200 }],
    [{ setupScriptLimit: "10000-characters" }, cloud({ setup_script: "é".repeat(10_000) }), { status: 200 }],
    [{ setupScriptLimit: "10000-characters" }, cloud({ setup_script: "é".repeat(10_001) }), { status: 400 }],
    [{}, cloud({ networking: LIMITED }), { body: shown({ networking: LIMITED }) }],
    [
      { networking: "materialise" },
      cloud({ networking: { type: "limited", allowed_hosts: ["a"] } }),
      { body: shown({ networking: { ...LIMITED, allowed_hosts: ["a"] } }) },
    ],
    [{}, cloud({ packages: NO_PACKAGES }), { body: shown() }],
    [{ packagesUnderLimited: "reject" }, cloud({ packages: NO_PACKAGES }), { status: 200 }],
    [
      { packagesUnderLimited: "reject" },
      cloud({ packages: { apt: ["x"] }, networking: { type: "limited", allow_package_managers: true } }),
      { status: 200 },
    ],
    [{ packagesUnderLimited: "reject" }, open({ packages: { apt: ["x"] } }), { status: 200 }],
    [{ environmentScope: "accept" }, { scope: "account" }, { body: { scope: "account" } }],
    [{ unknownFields: "accept" }, { scope: "account" }, { status: 200 }],
  ])("under the switches %j with %j gets the answer of the table", async (switches, fields, answer) => {
    Object.assign(lab.api.switches, switches);
    const { status, body } = await create(fields);
    expect({ status, body }).toMatchObject(answer);
  });

  test("cannot change the type of an environment, unless a switch allows it", async () => {
    expect(await update(selfHosted())).toEqual(invalid({ param: "config.type" }));
    lab.api.switches.environmentTypeChange = "accept";
    expect((await update(selfHosted())).body).toMatchObject(selfHosted());
  });
});

function open(fields: Fields) {
  return cloud({ networking: { type: "unrestricted" }, ...fields });
}
