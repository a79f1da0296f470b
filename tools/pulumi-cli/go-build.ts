import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileNames, pulumiVersion } from "./installation";
import { run } from "./run";

/**
 * The modules that only `pulumi cloud` and a state at AWS need, which no test runs. A build without their optimization saves a
 * tenth of its time.
 */
const neverRun = ["github.com/pb33f/...", "github.com/aws/..."];

/** What a program is built from: the module that the program is in. The `go.mod` of this release pins all other modules. */
interface Module {
  readonly name: string;
  readonly version: string;
  /** The version of Go that the module asks for. */
  readonly go: string;
}

const pulumiModule: Module = { name: "github.com/pulumi/pulumi/pkg/v3", version: pulumiVersion, go: "1.26.6" };
// The last release of the SDK with the language hosts inside, which work with today's engine. Later a host became a
// module without tags, which no module proxy serves.
const sdkModule: Module = { name: "github.com/pulumi/pulumi/sdk/v3", version: "3.68.0", go: "1.21" };
// A few releases earlier than `sdkModule`: then the host of Go became such a module.
const goHostModule: Module = { name: "github.com/pulumi/pulumi/sdk/v3", version: "3.60.0", go: "1.21" };
const yamlModule: Module = { name: "github.com/pulumi/pulumi-yaml", version: "1.25.0", go: "1.24.7" };

interface Program {
  readonly output: string;
  readonly module: Module;
  /** The path of the main package in its module, or its only file, which is in this folder. */
  readonly main: string;
  readonly tags: string;
  readonly usually: string;
}

// The tags are those of the vendor's builds (.goreleaser.yml of pulumi/pulumi).
const programs: readonly Program[] = [
  {
    output: fileNames.pulumi,
    module: pulumiModule,
    main: "cmd/pulumi",
    tags: "osusergo,grpcnotrace",
    usually: "3 minutes",
  },
  {
    output: fileNames.languageHost,
    module: sdkModule,
    main: "nodejs/cmd/pulumi-language-nodejs",
    tags: "osusergo",
    usually: "15 seconds",
  },
];

const yamlHost: Program = {
  output: fileNames.yamlHost,
  module: yamlModule,
  main: "cmd/pulumi-language-yaml",
  tags: "osusergo",
  usually: "1 minute",
};

const pythonHost: Program = {
  output: fileNames.pythonHost,
  module: sdkModule,
  main: "python/cmd/pulumi-language-python",
  tags: "osusergo",
  usually: "5 seconds",
};

const goHost: Program = {
  output: fileNames.goHost,
  module: goHostModule,
  main: "go/pulumi-language-go",
  tags: "osusergo",
  usually: "30 seconds",
};

const sdkGenerator: Program = {
  output: fileNames.sdkGenerator,
  module: pulumiModule,
  main: "sdk-generator.go",
  tags: "osusergo,grpcnotrace",
  usually: "10 seconds",
};

export const neededGo = pulumiModule.go;

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

/** Builds the language host of Go. */
export async function buildGoHost(bin: string, progress: (line: string) => void): Promise<void> {
  await build(goHost, bin, progress);
}

/** Builds the generator of SDKs from a schema, and the language host of Python. */
export async function buildSdkTools(bin: string, progress: (line: string) => void): Promise<void> {
  await build(pythonHost, bin, progress);
  await build(sdkGenerator, bin, progress);
  const list = ["list", "-mod=mod", "-m", "-f", "{{.Dir}}", sdkModule.name];
  const module = await runGo(list, moduleFolder(bin, sdkModule));
  const script = "pulumi-language-python-exec";
  copyFileSync(join(module.trim(), "python", "cmd", script), join(bin, script));
  chmodSync(join(bin, script), 0o755);
}

async function build(program: Program, bin: string, progress: (line: string) => void): Promise<void> {
  const name = basename(program.main);
  progress(`Building ${name} from its Go modules: usually ${program.usually}, once per machine`);
  const folder = moduleFolder(bin, program.module);
  if (isFile(program.main)) copyFileSync(join(__dirname, program.main), join(folder, program.main));
  await withReminder(`Still building ${name}`, progress, () =>
    runGo(goArguments(program, join(bin, program.output)), folder),
  );
}

const isFile = (main: string) => main.endsWith(".go");

/**
 * The folder of the module that Go builds in. Go writes the sums of all modules into its `go.sum`, after a look
 * into the public database of sums, which never changes a sum: a module that was changed after its release fails the build with
 * "SECURITY ERROR", on each machine. Only a person who turns the database off (`GOSUMDB=off`) builds without this check.
 */
function moduleFolder(bin: string, { name, version, go }: Module): string {
  const folder = join(bin, "modules", name.replaceAll("/", "-"));
  if (!existsSync(join(folder, "go.mod"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "go.mod"), `module pulumi-qoder/tools\n\ngo ${go}\n\nrequire ${name} v${version}\n`);
  }
  return folder;
}

export function runGo(args: readonly string[], cwd: string): Promise<string> {
  return run("go", args, { cwd, env: { ...process.env, ...buildSettings } });
}

const buildSettings = {
  CGO_ENABLED: "0",
  // A go.work in a folder above would replace the go.mod.
  GOWORK: "off",
  // A compiler ends before the collection of garbage is worth its time, unless it takes a gigabyte.
  GOGC: "off",
  GOMEMLIMIT: "1GiB",
};

function goArguments(program: Program, output: string): string[] {
  // Without this flag `pulumi version` prints nothing, and the Automation API refuses the CLI.
  const linkerFlags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${program.module.version}`;
  // The compiler need not make the debug data that -w removes.
  const compilerFlags = ["all=-dwarf=false", ...neverRun.map((modules) => `${modules}=-dwarf=false -N -l`)];
  const { module, main } = program;
  const mainPackage = isFile(main) ? main : `${module.name}/${main}`;
  const flags = ["-mod=mod", "-trimpath", "-tags", program.tags, "-ldflags", linkerFlags];
  return ["build", ...flags, ...compilerFlags.map((each) => `-gcflags=${each}`), "-o", output, mainPackage];
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
