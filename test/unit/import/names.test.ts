import fc from "fast-check";
import ts from "typescript";
import { namesOf } from "../../../command/import/names";
import { programText } from "../../../command/import/texts";
import { planned } from "../../../command/import/what-to-import";
import { kinds } from "../../../provider/kinds/table";
import { agent, credential, deployment, environment, memoryStore, vault } from "./objects";

const named = (...names: string[]) =>
  names.map((name, index) => ({ id: `dep_0000000${index}`, name, noun: "deployment" }));
/** The names in the order of the objects. */
const given = (objects: Parameters<typeof namesOf>[0]) => {
  const names = namesOf(objects);
  return objects.flatMap(({ id }) => names.get(id) ?? []);
};
const written = (objects: Parameters<typeof namesOf>[0]) =>
  given(objects).map(({ resource, identifier }) => `${resource} ${identifier}`);
const of = (...names: string[]) => written(named(...names));

test("a valid name becomes the resource name unchanged, and its constant is in camel case", () => {
  expect(of("daily-report", "Daily_Report.v2", "dailyReport", "ETL-job", "x")).toEqual([
    "daily-report dailyReport",
    "Daily_Report.v2 dailyReportV2",
    "dailyReport dailyReport2",
    "ETL-job etlJob",
    "x x",
  ]);
});

test("any other name becomes lower-case words with hyphens, without accents and apostrophes", () => {
  expect(of("Daily report (Berlin)", "Café d'été", "日报 weekly", 'a "quoted"\nname', "🚀 launch")).toEqual([
    "daily-report-berlin dailyReportBerlin",
    "cafe-dete cafeDete",
    "weekly weekly",
    "a-quoted-name aQuotedName",
    "launch launch",
  ]);
});

test("an object without a Latin letter in its name is named after the end of its id", () => {
  expect(of("日报", "🚀", "日报 1")).toEqual([
    "deployment-00000000 deployment00000000",
    "deployment-00000001 deployment00000001",
    "deployment-00000002 deployment00000002",
  ]);
  expect(given([{ id: "dep_019ec556114c78f8", noun: "deployment" }])).toEqual([
    { resource: "deployment-114c78f8", identifier: "deployment114c78f8" },
  ]);
});

test("equal names are numbered, and a valid name is never the name that changes", () => {
  expect(of("Daily Report", "daily report!", "daily-report", "daily-report-2")).toEqual([
    "daily-report-3 dailyReport3",
    "daily-report-4 dailyReport4",
    "daily-report dailyReport",
    "daily-report-2 dailyReport2",
  ]);
  expect(of("same", "same")).toEqual(["same same", "same-2 same2"]);
});

test("a long name is cut to 64 characters", () => {
  const [names] = given(named(`${"word ".repeat(50)}`));
  expect(names?.resource).toMatch(/^word(-word)+$/);
  expect(names?.resource.length).toBeLessThanOrEqual(64);
});

test.each([
  [64, "Ab".repeat(32)],
  [65, "ab".repeat(32)],
])("a valid name of %i characters becomes %s", (length, resource) => {
  expect(given(named("Ab".repeat(33).slice(0, length)))).toMatchObject([{ resource }]);
});

const stubs = `
declare module "pulumi-qoder" {
  ${Object.values(kinds)
    .map(({ label }) => `export class ${label} { constructor(...given: unknown[]); id: string; version: number }`)
    .join("\n")}
  export function requireSettings(given: unknown): void;
}
declare module "@pulumi/pulumi" { export class Config { requireSecret(name: string): unknown } }
`;

function diagnosticsOf(program: string): string[] {
  const files = new Map([
    ["program.ts", program],
    ["stubs.d.ts", stubs],
  ]);
  const strict = { strict: true, noUnusedLocals: true };
  const options = { ...strict, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, types: [], noLib: true };
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (name, version) => ts.createSourceFile(name, files.get(name) ?? "", version);
  const compiled = ts.createProgram([...files.keys()], options, host);
  const source = compiled.getSourceFile("program.ts");
  return [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "),
  );
}

const keywords = Object.values(ts.SyntaxKind)
  .filter((kind) => typeof kind === "number")
  .flatMap((kind) => ts.tokenToString(kind) ?? [])
  .filter((token) => /^[a-z]+$/.test(token));
const globals = ["arguments", "eval", "undefined", "exports", "module", "globalThis", "NaN", "process", "then", "name"];
const ofLibrary = ["require settings", "requireSettings", "pulumi", "Config", "config", "QoderAgent", "qoder agent"];
const hostile = ["2024", 'a"; //', "*/", "constructor", "__proto__", "toString", "\u2028", ...globals, ...ofLibrary];

test("a program whose objects of all kinds have the names of keywords, and of the module's own names, compiles and loads", () => {
  expect(keywords).toContain("await");
  const metadata = { token: "ghp_abcdefghijklmnopqrstuvwxyz0123456789" };
  const objects = [...keywords, ...hostile].flatMap((name, index) => {
    const server = `https://${name.replace(/\W/g, "")}/`;
    return [
      environment({ name, id: `env_${index}` }),
      agent({ name, id: `agent_${index}`, metadata }),
      agent({ name, id: `agent_x${index}` }),
      vault({ display_name: name, id: `vault_${index}` }),
      credential({ type: "static_bearer", mcp_server_url: server }, { id: `vcred_${index}` }),
      memoryStore({ name, id: `memstore_${index}` }),
      deployment({ name, id: `dep_${index}`, vault_ids: [`vault_${index}`] }),
    ].filter(({ failures }) => failures.length === 0);
  });
  const { taken } = planned(objects);
  const program = programText(taken);
  expect(taken).toHaveLength(objects.length);
  expect(program).toContain("export const requireSettingsAgent = new QoderAgent(");
  expect(diagnosticsOf(program)).toEqual([]);
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  // The parameters are those with which Node.js wraps a CommonJS module.
  expect(() => new Function("exports", "require", "module", outputText)).not.toThrow();
});

test("the check of this file finds a name that a module declares twice", () => {
  expect(diagnosticsOf('import { requireSettings } from "pulumi-qoder";\nexport const requireSettings = 1;\n')).toEqual(
    expect.arrayContaining([expect.stringContaining("requireSettings")]),
  );
});

test("resources of two kinds may have the same name, and their constants name the kind", () => {
  const nouns = ["environment", "agent", "agent", "deployment", "deployment", "deployment"];
  const objects = nouns.map((noun, index) => ({ id: `x_${index}`, name: "daily", noun }));
  expect(written(objects)).toEqual([
    "daily daily",
    "daily dailyAgent",
    "daily-2 daily2",
    "daily dailyDeployment",
    "daily-2 daily2Deployment",
    "daily-3 daily3",
  ]);
});

test("the words of a kind appear in constants and names", () => {
  const names = ["default", "2026", "日报", "default"];
  const objects = names.map((name, index) => ({ id: `store_${index}`, name, noun: "memory store" }));
  expect(written(objects)).toEqual([
    "default defaultMemoryStore",
    "2026 memoryStore2026",
    "memory-store-store2 memoryStoreStore2",
    "default-2 default2",
  ]);
});

test("for any names, resource names are valid and unique in a kind, and constants are unique in the program", () => {
  const name = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom("a", "A", "-", "2", " ") }));
  const noun = fc.constantFrom("agent", "environment", "deployment");
  fc.assert(
    fc.property(fc.array(fc.record({ name, noun }), { maxLength: 30 }), (kinds) => {
      const objects = kinds.map((one, index) => ({ id: `x_${index}`, ...one }));
      const names = given(objects);
      expect(names).toHaveLength(objects.length);
      const urns = names.map(({ resource }, index) => `${objects[index]?.noun} ${resource}`);
      expect(new Set(urns).size).toBe(objects.length);
      expect(new Set(names.map(({ identifier }) => identifier)).size).toBe(objects.length);
      for (const { resource, identifier } of names) {
        expect(resource).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
        expect(identifier).toMatch(/^[a-z][A-Za-z0-9]*$/);
      }
    }),
  );
});
