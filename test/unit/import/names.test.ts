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

test.each<[string, Readonly<Record<string, string>>]>([
  [
    "a valid name becomes the resource name unchanged, and its constant is in camel case",
    {
      "daily-report": "daily-report dailyReport",
      "Daily_Report.v2": "Daily_Report.v2 dailyReportV2",
      dailyReport: "dailyReport dailyReport2",
      "ETL-job": "ETL-job etlJob",
    },
  ],
  [
    "any other name becomes lower-case words with hyphens, without accents and apostrophes",
    {
      "Daily report (Berlin)": "daily-report-berlin dailyReportBerlin",
      "Café d'été": "cafe-dete cafeDete",
      "日报 weekly": "weekly weekly",
      'a "quoted"\nname': "a-quoted-name aQuotedName",
    },
  ],
  [
    "an object without a Latin letter in its name is named after the end of its id",
    { 日报: "deployment-00000000 deployment00000000", "日报 1": "deployment-00000001 deployment00000001" },
  ],
  [
    "equal names are numbered, and a valid name is never the name that changes",
    {
      "Daily Report": "daily-report-3 dailyReport3",
      "daily report!": "daily-report-4 dailyReport4",
      "daily-report": "daily-report dailyReport",
      "daily-report-2": "daily-report-2 dailyReport2",
    },
  ],
])("%s", (_, names) => {
  expect(written(named(...Object.keys(names)))).toEqual(Object.values(names));
});

test.each([
  ["of 64 characters stays", "Ab".repeat(32), "Ab".repeat(32)],
  ["of 65 characters is cut, and written in small letters", `${"Ab".repeat(32)}A`, "ab".repeat(32)],
  ["of many words is cut after a word", "word ".repeat(50), `${"word-".repeat(12)}word`],
])("a name %s", (_, name, resource) => {
  expect(given(named(name))).toMatchObject([{ resource }]);
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
  // The check finds a name that a module declares twice.
  expect(diagnosticsOf(`${program}export const requireSettings = 1;\n`)).not.toEqual([]);
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  // The parameters are those with which Node.js wraps a CommonJS module.
  expect(() => new Function("exports", "require", "module", outputText)).not.toThrow();
});

test("resources of two kinds may have the same name, and the words of a kind appear in constants and names", () => {
  const nouns = ["environment", "agent", "agent", "deployment", "deployment", "deployment"];
  const stores = ["default", "2026", "日报", "default"].map((name) => ({ name, noun: "memory store" }));
  const objects = [...nouns.map((noun) => ({ name: "daily", noun })), ...stores];
  expect(written(objects.map((one, index) => ({ id: `x_${index}`, ...one })))).toEqual([
    "daily daily",
    "daily dailyAgent",
    "daily-2 daily2",
    "daily dailyDeployment",
    "daily-2 daily2Deployment",
    "daily-3 daily3",
    "default defaultMemoryStore",
    "2026 memoryStore2026",
    "memory-store-x8 memoryStoreX8",
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
