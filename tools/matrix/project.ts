import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Cell, Program } from "./cells";

interface Form {
  readonly file: string;
  /** The language of the program, which uses the plugin of the package; JavaScript if left out. */
  readonly language?: "yaml" | "python";
  /** The type in package.json. */
  readonly type?: "module";
  /** The options of the runtime in Pulumi.yaml. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Further packages that the project needs. */
  readonly packages?: Readonly<Record<string, string>>;
}

const tsx = { tsx: "4.23.15" };
const asTypescript = { typescript: false, nodeargs: "--import tsx" };

export const forms: Readonly<Record<Program, Form>> = {
  CommonJS: { file: "index.js" },
  "ES modules": { file: "index.js", type: "module" },
  TypeScript: { file: "index.ts" },
  "TypeScript, tsx": { file: "index.ts", options: asTypescript, packages: tsx },
  "TypeScript, tsx, ES modules": { file: "index.ts", type: "module", options: asTypescript, packages: tsx },
  "TypeScript, Node.js itself": { file: "index.ts", type: "module", options: { typescript: false } },
  YAML: { file: "Main.yaml", language: "yaml" },
  Python: { file: "__main__.py", language: "python" },
};

/** A secret of the programs in JavaScript and TypeScript. A transform sees the deployment that holds it. */
export const label = "label-secret-2c07";

/** A program that loads each part of the package: classes, a look-up, a function for schedules, and in the engine the provider. */
const program = `
const schedule = { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" };
const reporter = getAgentOutput({ name: "reporter" });
const cloud = new QoderEnvironment("cloud", { config: { type: "cloud" } });
const args = {
  agent: { id: reporter.id },
  environmentId: cloud.id,
  schedule,
  initialEvents: "Generate today's status report",
  metadata: { label: pulumi.secret("${label}") },
};
const report = new QoderDeployment("report", args, {
  transforms: [({ props, opts }) => ({ props: { ...props, description: "transformed" }, opts })],
});
pulumi.log.info("the next run: " + nextRuns(schedule, { count: 1 })[0].toISOString());
`;
const names = "getAgentOutput, nextRuns, QoderDeployment, QoderEnvironment";
const required = `const pulumi = require("@pulumi/pulumi");\nconst { ${names} } = require("pulumi-qoder");\n`;
const imported = `import * as pulumi from "@pulumi/pulumi";\nimport { ${names} } from "pulumi-qoder";\n`;

const plugin = { name: "qoder", path: "node_modules/pulumi-qoder/plugin" };
const others = {
  yaml: `
variables:
  reporter:
    fn::invoke: { function: qoder:getAgent, arguments: { name: reporter } }
resources:
  cloud:
    type: qoder:Environment
    properties: { config: { type: cloud } }
  report:
    type: qoder:Deployment
    properties:
      agent: { id: "\${reporter.id}" }
      environmentId: \${cloud.id}
      schedule: { expression: 0 9 * * 1-5, timezone: Asia/Shanghai }
      initialEvents: Generate today's status report
`,
  python: `
import pulumi_qoder as qoder

reporter = qoder.get_agent_output(name="reporter")
cloud = qoder.Environment("cloud", config=qoder.EnvironmentConfigArgs(type="cloud"))
qoder.Deployment(
    "report",
    agent=qoder.DeploymentAgentReferenceArgs(id=reporter.id),
    environment_id=cloud.id,
    schedule=qoder.DeploymentScheduleArgs(expression="0 9 * * 1-5", timezone="Asia/Shanghai"),
    initial_events="Generate today's status report",
)
`,
} as const;

/** The settings of Pulumi's TypeScript template, with which the compiler also checks the declarations of libraries. */
const compilerOptions = {
  strict: true,
  outDir: "bin",
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
  sourceMap: true,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

function programOf(form: Program): string {
  const { language } = forms[form];
  return language === undefined ? (form === "CommonJS" ? required : imported) + program : others[language];
}

/** Writes the project of a cell and returns the folder of the program. `tarball`: the packed package. */
export function writeProject(
  { manager, program: form, sdk, typescript, moduleResolution }: Cell,
  folder: string,
  tarball: string,
): string {
  const { file, type, options, packages, language } = forms[form];
  const write = (name: string, content: string | object) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  };
  const resolution = moduleResolution === undefined ? {} : { module: moduleResolution, moduleResolution };
  const inWorkspace = manager === "npm workspaces";
  const prefix = inWorkspace ? "infrastructure/" : "";
  if (inWorkspace) {
    write("package.json", { name: "everything", private: true, workspaces: ["infrastructure"] });
  }
  const types = file.endsWith(".ts") ? { "@types/node": "20.19.43", ...(typescript ? { typescript } : {}) } : {};
  write(`${prefix}package.json`, {
    name: "infrastructure",
    private: true,
    main: file,
    ...(type === undefined ? {} : { type }),
    dependencies: { "@pulumi/pulumi": sdk, "pulumi-qoder": `file:${tarball}`, ...packages, ...types },
  });
  write(`${prefix}Pulumi.yaml`, {
    name: "matrix",
    runtime: { name: language ?? "nodejs", ...(options === undefined ? {} : { options }) },
    ...(language === undefined ? {} : { plugins: { providers: [plugin] } }),
  });
  write(`${prefix}${file}`, programOf(form));
  if (file.endsWith(".ts")) {
    write(`${prefix}tsconfig.json`, { compilerOptions: { ...compilerOptions, ...resolution }, files: [file] });
  }
  if (manager.startsWith("yarn")) {
    const nodeLinker = manager === "yarn" ? "node-modules" : "pnp";
    write(".yarnrc.yml", `nodeLinker: ${nodeLinker}\nenableTelemetry: false\nenableImmutableInstalls: false\n`);
    write("yarn.lock", "");
  }
  return join(folder, prefix);
}
