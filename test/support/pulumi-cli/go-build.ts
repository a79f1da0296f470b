import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileNames, pulumiVersion } from "./installation";
import { run } from "./run";

/**
 * The modules that only `pulumi cloud` and a state at AWS need, which no test runs. A build without their optimization saves a
 * tenth of its time.
 */
const neverRun = ["github.com/pb33f/...", "github.com/aws/..."];

type Program = (typeof programs)[number];

/** One row for each program. Its go.mod and go.sum, in go/<modules>, pin all modules. */
const programs = [
  {
    output: fileNames.pulumi,
    modules: "pulumi",
    mainPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    // The tags of the vendor's build (.goreleaser.yml of pulumi/pulumi).
    tags: "osusergo,grpcnotrace",
    version: pulumiVersion,
    usually: "3 minutes",
  },
  {
    output: fileNames.languageHost,
    modules: "language-host",
    // The last release of the SDK with the language host inside, which works with today's engine. Later the host became a
    // module without tags, which no module proxy serves.
    mainPackage: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    tags: "osusergo",
    version: "3.68.0",
    usually: "15 seconds",
  },
];

const yamlHost = {
  output: fileNames.yamlHost,
  modules: "language-yaml",
  mainPackage: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  tags: "osusergo",
  version: "1.25.0",
  usually: "1 minute",
};

/** The same release as the host of Node.js programs, for the same reason. */
const pythonHost = {
  output: fileNames.pythonHost,
  modules: "language-host",
  mainPackage: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
  tags: "osusergo",
  version: "3.68.0",
  usually: "5 seconds",
};

const sdkGenerator = {
  output: fileNames.sdkGenerator,
  modules: "pulumi",
  mainPackage: "pulumi-qoder/test/pulumi/sdk",
  tags: "osusergo,grpcnotrace",
  version: pulumiVersion,
  usually: "10 seconds",
};

export function neededGo(): string {
  const goMod = readFileSync(join(__dirname, "go", "pulumi", "go.mod"), "utf8");
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? "";
}

export async function buildWithGo(folder: string, progress: (line: string) => void): Promise<void> {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const program of programs) {
    await build(program, bin, progress);
  }
  // No Go module has the launcher; it is only in the vendor's archive.
  copyFileSync(join(__dirname, "launcher", fileNames.launcher), join(bin, fileNames.launcher));
  chmodSync(join(bin, fileNames.launcher), 0o755);
}

/** Builds the language host of Pulumi YAML, which the vendor's archive contains. */
export async function buildYamlHost(bin: string, progress: (line: string) => void): Promise<void> {
  await build(yamlHost, bin, progress);
}

/** Builds the generator of SDKs from a schema, and the language host of Python. */
export async function buildSdkTools(bin: string, progress: (line: string) => void): Promise<void> {
  await build(pythonHost, bin, progress);
  await build(sdkGenerator, bin, progress);
  const sdk = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
  const module = await runGo(sdk, pythonHost.modules);
  const script = "pulumi-language-python-exec";
  copyFileSync(join(module.trim(), "python", "cmd", script), join(bin, script));
  chmodSync(join(bin, script), 0o755);
}

async function build(program: Program, bin: string, progress: (line: string) => void): Promise<void> {
  const name = program.mainPackage.slice(program.mainPackage.lastIndexOf("/") + 1);
  progress(`Building ${name} from its Go modules: usually ${program.usually}, once per machine`);
  await withReminder(`Still building ${name}`, progress, () =>
    runGo(goArguments(program, join(bin, program.output)), program.modules),
  );
}

function runGo(args: readonly string[], modules: string): Promise<string> {
  return run("go", args, { cwd: join(__dirname, "go", modules), env: { ...process.env, ...buildSettings } });
}

const buildSettings = {
  CGO_ENABLED: "0",
  // A go.work in a folder above the repository would replace the go.mod here.
  GOWORK: "off",
  // A compiler ends before the collection of garbage is worth its time, unless it takes a gigabyte.
  GOGC: "off",
  GOMEMLIMIT: "1GiB",
};

function goArguments(program: Program, output: string): string[] {
  // Without this flag `pulumi version` prints nothing, and the Automation API refuses the CLI.
  const linkerFlags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${program.version}`;
  // The compiler need not make the debug data that -w removes.
  const compilerFlags = ["all=-dwarf=false", ...neverRun.map((modules) => `${modules}=-dwarf=false -N -l`)];
  const flags = ["-mod=readonly", "-trimpath", "-tags", program.tags, "-ldflags", linkerFlags];
  return ["build", ...flags, ...compilerFlags.map((each) => `-gcflags=${each}`), "-o", output, program.mainPackage];
}

async function withReminder<Result>(
  text: string,
  progress: (line: string) => void,
  action: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const reminder = setInterval(() => progress(`${text}: ${seconds()} s so far`), 30_000);
  try {
    return await action();
  } finally {
    clearInterval(reminder);
  }
}
