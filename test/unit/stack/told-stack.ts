import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployments } from "../../../provider/kinds/table";
import type { QoderApi } from "../../qoder-api";
import { token } from "../command-world";

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

const isSecret = (value: unknown) => Object(value)["4dabf18193072939515e22adb298388d"] !== undefined;
/** What the CLI prints without --show-secrets: of a state, and of a configuration. */
const sealed = (_: string, value: unknown) =>
  isSecret(value) ? { ...Object(value), plaintext: undefined, ciphertext: "v1:AAAA" } : value;
const blinded = (_: string, value: unknown) =>
  Object(value).secret === true ? { ...Object(value), value: undefined } : value;

/** Ends at a signal only; `how` is one of the values of `hangs`. */
const hanging = `
const { appendFileSync } = require("node:fs");
const [, , folder, how] = process.argv;
if (how === "until SIGKILL") process.on("SIGTERM", () => appendFileSync(folder + "/ignored", ""));
const idle = "setInterval(() => {}, 60000)";
const child = how === "in a child" ? require("node:child_process").spawn(process.execPath, ["-e", idle], { stdio: "inherit" }) : {};
appendFileSync(folder + "/started", process.pid + "\\n" + (child.pid ? child.pid + "\\n" : ""));
eval(idle);
`;

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What `pulumi config get KEY --json` prints, by the key. */
const valuesIn = (config: unknown): [string, string][] =>
  Object.entries(Object(config)).map(([key, value]) => [`get.${key}`, JSON.stringify(value)]);

/** A Pulumi CLI that prints the texts of a test, and records its arguments. It is a script of the shell, which starts in 2 ms. */
export class ToldPulumi {
  readonly #folder = mkdtempSync(join(tmpdir(), "told-pulumi-"));

  constructor() {
    const script = `#!/bin/sh
end='
'
printf '%s\\037' "$@" "$end" >> '${this.#folder}/asked'
name=$1 form=sealed
for arg do
  case $arg in
    --stack=*) [ -e '${this.#folder}'/"$1$arg.status" ] && name=$1$arg ;;
    --show-secrets) form=shown ;;
  esac
done
[ "$2" = get ] && form=get.$3
answer='${this.#folder}'/$name
if [ -s "$answer.hangs" ]; then
  read -r how < "$answer.hangs"
  exec '${process.execPath}' '${this.#folder}/hanging.cjs' '${this.#folder}' "$how"
fi
[ -s "$answer.stderr" ] && /bin/cat "$answer.stderr" >&2
[ -s "$answer.$form" ] && /bin/cat "$answer.$form"
read -r status < "$answer.status"
exit "$status"
`;
    writeFileSync(this.#file("pulumi"), script);
    chmodSync(this.#file("pulumi"), 0o755);
    writeFileSync(this.#file("hanging.cjs"), hanging);
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

  /** The stack has these resources, in the account of this token. */
  holds(url: string, resources: readonly object[], config: Readonly<Record<string, string>> = {}): void {
    this.config({ "qoder:pat": token, "qoder:baseUrl": url, ...config });
    this.export(provider("default"), ...resources);
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
  says(
    command: "stack" | "config" | "preview",
    { stdout = "", stderr = "", status = 0, hangs }: Answer,
    stack?: string,
  ): void {
    const name = stack === undefined ? command : `${command}--stack=${stack}`;
    const json = jsonIn(stdout);
    const hidden = command === "config" ? blinded : sealed;
    const forms: Readonly<Record<string, string>> = {
      ...{ shown: stdout, sealed: json === undefined ? stdout : JSON.stringify(json, hidden) },
      ...(command === "config" ? Object.fromEntries(valuesIn(json)) : {}),
    };
    for (const [form, text] of Object.entries({
      ...forms,
      stderr,
      hangs: hangs === undefined ? "" : `${hangs}\n`,
      status: `${status}\n`,
    })) {
      writeFileSync(this.#file(`${name}.${form}`), text);
    }
  }

  asked(): string[][] {
    return readFileSync(this.#file("asked"), "utf8")
      .split("\n\u001f")
      .filter(Boolean)
      .map((line) => line.split("\u001f").slice(0, -1));
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
