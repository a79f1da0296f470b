import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployments } from "../../../provider/kinds/table";
import type { QoderApi } from "../../qoder-api";

/** A secret value in the form that the engine exports with --show-secrets. */
export function secretValue(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) };
}

export const secret = (text: string) => secretValue(text);

const providerType = "pulumi:providers:pulumi-nodejs";
const urn = (type: string, name: string) => `urn:pulumi:dev::fleet::${type}::${name}`;

/** A provider in an exported state. */
export function provider(name: string, inputs: object = {}) {
  return {
    urn: urn(providerType, name),
    type: providerType,
    custom: true,
    id: `id-of-${name}`,
    inputs,
    outputs: inputs,
  };
}

/** A deployment in an exported state, with the provider `of`. */
export function deployment(resourceName: string, id: string | undefined, of = "default", more: object = {}) {
  const reference = `${urn(providerType, of)}::id-of-${of}`;
  const type = deployments.type;
  return {
    urn: urn(type, resourceName),
    type,
    custom: true,
    ...(id === undefined ? {} : { id }),
    provider: reference,
    ...more,
  };
}

/** The same resource in the state of a stack in YAML, Python or another language of the plugin. */
export function ofPlugin(resource: object): object {
  const text = JSON.stringify(resource).replaceAll(deployments.type, "qoder:index:Deployment");
  return JSON.parse(text.replaceAll(providerType, "pulumi:providers:qoder"));
}

/** Adds a deployment to an account of its own, with an agent and an environment there, and returns its id. */
export function createInAccount(api: QoderApi, account: string, name: string): string {
  const [agent, environment_id] = [api.agents.create({}, account).id, api.environments.create({}, account).id];
  const initial_events = [{ type: "user.message", content: "hello" }];
  return api.deployments.create({ name, agent, environment_id, initial_events }, account).id;
}

/** A deployment, and the token of its account. */
interface Owned {
  readonly id: string;
  readonly pat: string;
  /** The name at Qoder in the state. */
  readonly name?: string;
}

const named = ({ name }: Owned) => (name === undefined ? {} : { inputs: { name } });

interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** The command does not end by itself, or not even at a SIGTERM, or it leaves a child that writes to its streams, as a wrapper does. */
  readonly hangs?: "until SIGTERM" | "until SIGKILL" | "in a child";
}

/** A Pulumi CLI that prints the texts of a test, and records its arguments. */
export class ToldPulumi {
  readonly #folder = mkdtempSync(join(tmpdir(), "told-pulumi-"));

  constructor() {
    const script = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(this.#file("asked"))}, JSON.stringify(args) + "\\n");
const answer = (more) => ${JSON.stringify(this.#folder)} + "/" + args[0] + more + ".json";
const own = answer(args.find((arg) => arg.startsWith("--stack=")) ?? "");
const { stdout = "", stderr = "", status = 0, hangs } = JSON.parse(readFileSync(existsSync(own) ? own : answer(""), "utf8"));
process.stderr.write(stderr);
if (hangs === "until SIGKILL") process.on("SIGTERM", () => appendFileSync(${JSON.stringify(this.#file("ignored"))}, ""));
const { pid = "" } = hangs === "in a child" ? spawn(process.execPath, ["-e", "setInterval(() => {}, 60000)"], { stdio: "inherit" }) : {};
appendFileSync(${JSON.stringify(this.#file("started"))}, process.pid + "\\n" + (pid && pid + "\\n"));
const isSecret = (value) => Object(value)["4dabf18193072939515e22adb298388d"] !== undefined;
const sealed = (_, value) => (isSecret(value) ? { ...value, plaintext: undefined, ciphertext: "v1:AAAA" } : value);
const blinded = (key, value) => (Object(value).secret === true ? { ...value, value: undefined } : value);
const printed = () => {
  if (args[1] === "get") return JSON.stringify(JSON.parse(stdout)[args[2]]);
  try {
    return args.includes("--show-secrets") ? stdout : JSON.stringify(JSON.parse(stdout), args[0] === "config" ? blinded : sealed);
  } catch {
    return stdout;
  }
};
if (hangs) setInterval(() => {}, 60_000);
else process.stdout.write(printed(), () => process.exit(status));
`;
    writeFileSync(this.#file("pulumi"), script);
    chmodSync(this.#file("pulumi"), 0o755);
    writeFileSync(this.#file("asked"), "");
    this.config({});
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  get environment(): Readonly<Record<string, string>> {
    return { PATH: this.#folder };
  }

  export(...resources: readonly object[]): void {
    this.says("stack", { stdout: JSON.stringify({ version: 3, deployment: { manifest: {}, resources } }) });
  }

  config(values: Readonly<Record<string, string>>): void {
    const entries = Object.entries(values).map(([key, value]) => [key, { value, secret: key === "qoder:pat" }]);
    this.says("config", { stdout: JSON.stringify(Object.fromEntries(entries)) });
  }

  /** Exports `daily` in the account of the configuration, and `nightly` in the account of the provider `other`. */
  twoAccounts(baseUrl: string, daily: Owned, nightly: Owned): void {
    this.config({ "qoder:pat": daily.pat, "qoder:baseUrl": baseUrl });
    this.export(
      provider("default"),
      provider("other", { "qoder:account": "other", "qoder:pat": secret(nightly.pat), "qoder:baseUrl": baseUrl }),
      deployment("daily", daily.id, "default", named(daily)),
      deployment("nightly", nightly.id, "other", named(nightly)),
    );
  }

  /** `stack`: the answer about this stack only. */
  says(command: "stack" | "config" | "preview", answer: Answer, stack?: string): void {
    const file = stack === undefined ? command : `${command}--stack=${stack}`;
    writeFileSync(this.#file(`${file}.json`), JSON.stringify(answer));
  }

  asked(): string[][] {
    return readFileSync(this.#file("asked"), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** The ids of the processes that began to work. Only whole lines count: a signal to process 0 would end the tests themselves. */
  get processes(): number[] {
    const file = this.#file("started");
    return existsSync(file) ? Array.from(readFileSync(file, "utf8").matchAll(/(\d+)\n/g), ([, id]) => Number(id)) : [];
  }

  /** True if a process ignored a SIGTERM. */
  get hasIgnored(): boolean {
    return existsSync(this.#file("ignored"));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export function useToldPulumi(): { readonly pulumi: ToldPulumi } {
  const held = { pulumi: new ToldPulumi() };
  beforeEach(() => {
    held.pulumi.remove();
    held.pulumi = new ToldPulumi();
  });
  afterAll(() => held.pulumi.remove());
  return held;
}
