import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { build, type Plugin, transform } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { licencesOf } from "./licences";
import { dependencies, peerDependencies } from "./package.json";

// `npm run build` makes dist/, the published files, from provider/ and command/, and stand-in/dist/, the package of the stand-in,
// from test/qoder-api/.

const source = resolve(__dirname, "provider");
const dist = resolve(__dirname, "dist");
const standInDist = resolve(__dirname, "stand-in", "dist");

/** The files that a program, the engine or a user loads. Their shared code is in further files next to them. */
const providerEntries = ["index", "dynamic-provider", "look-ups", "schedules", "plugin-server"];
const entries = [
  ...providerEntries.map((name) => ({ in: join(source, `${name}.ts`), out: name })),
  { in: resolve(__dirname, "command", "main.ts"), out: "command/main" },
];

const form = {
  platform: "node",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  // Keeps lines short, because Node.js prints the whole line that threw an error.
  lineLimit: 1000,
} as const;

/** A file that a module loads with `require` stays a file of its own, because it is loaded only when it is needed. */
const lateEntries: Plugin = {
  name: "late entries",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const entry = providerEntries.find((name) => join(source, name) === resolve(resolveDir, path));
      return kind === "require-call" && entry !== undefined ? { path: `./${entry}.js`, external: true } : undefined;
    });
  },
};

/**
 * Bundles only the used members of zod, of its languages only English, and no JSON Schema. esbuild drops unused members of `import * as z`, but
 * keeps all of `import { z }` (colinhacks/zod issue 6597).
 */
const zodByMembers: Plugin = {
  name: "zod by members",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replace('import { z } from "zod"', 'import * as z from "zod"'), loader: "ts" };
    });
    // Each schema of zod holds its conversion to JSON Schema, a fifth of the bundle, which no code here calls.
    onLoad({ filter: /zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/ }, async ({ path }) => {
      const names = (await readFile(path, "utf8")).matchAll(/^export (?:const|function) (\w+)/gm);
      return { contents: [...names].map(([, name]) => `export const ${name} = () => undefined;`).join("\n") };
    });
  },
};

/**
 * esbuild splits off shared code only for ES modules, so a second step makes CommonJS of each file. The copied packages (zod, and
 * string-width, which is an ES module alone) ask for their licences beside their code.
 */
async function programs(): Promise<[string, string][]> {
  const { outputFiles, metafile } = await build({
    ...form,
    entryPoints: entries,
    bundle: true,
    splitting: true,
    metafile: true,
    format: "esm",
    external: Object.keys({ ...dependencies, ...peerDependencies }),
    chunkNames: "shared-[hash]",
    outdir: dist,
    plugins: [lateEntries, zodByMembers],
    write: false,
  });
  const files = outputFiles.map(
    async ({ path, text }): Promise<[string, string]> => [path, await commonJs(path, text)],
  );
  return [...(await Promise.all(files)), [join(dist, "LICENSES"), await licencesOf(Object.keys(metafile.inputs))]];
}

async function commonJs(path: string, text: string): Promise<string> {
  // index.js keeps its identifiers: a program that prints a resource shows the name of its class.
  const minifyIdentifiers = path !== join(dist, "index.js");
  const options = { ...form, format: "cjs", minifyIdentifiers } as const;
  const { code } = await transform(text, options);
  // A second pass shortens the code that the conversion to CommonJS adds. It also removes the list of names from which Node.js learns what an
  // ES module may import, so the files that a program or a user starts keep that code.
  return basename(path).startsWith("shared-") ? (await transform(code, options)).code : code;
}

/** One file of types for programs, and one for `pulumi-qoder/provider`. `npm run check` reports errors in types. */
async function types(): Promise<[string, string][]> {
  return Promise.all(
    ["index", "dynamic-provider"].map(async (name) => [join(dist, `${name}.d.ts`), await typesOf(name)]),
  );
}

async function typesOf(entry: string): Promise<string> {
  const plugin = dts({ tsconfig: join(source, "tsconfig.json") });
  const bundle = await rollup({ input: join(source, `${entry}.ts`), external: /^@pulumi\//, plugins: [plugin] });
  // A program loads only the parts of the SDK that it needs (`program/sdk.ts`), and its types come from the whole SDK.
  const { output } = await bundle.generate({ format: "es", paths: (id) => id.replace(/^(@pulumi\/pulumi)\/.*/, "$1") });
  return output[0].code;
}

/** The stand-in needs no package at run time: its bundle contains its HTTP server. */
async function standIn(): Promise<[string, string][]> {
  const folder = resolve(__dirname, "test", "qoder-api");
  const entry = join(folder, "stand-in.ts");
  const { outputFiles, metafile } = await build({
    ...form,
    entryPoints: [entry],
    metafile: true,
    bundle: true,
    minifyIdentifiers: true,
    format: "cjs",
    outfile: join(standInDist, "index.js"),
    legalComments: "eof",
    plugins: [zodByMembers],
    write: false,
  });
  const bundle = await rollup({
    input: join(folder, "stand-in-types.ts"),
    plugins: [dts({ tsconfig: resolve(__dirname, "tsconfig.json") })],
  });
  const { output } = await bundle.generate({ format: "es" });
  const programs = outputFiles.map(({ path, text }): [string, string] => [path, text]);
  const licences = await licencesOf(Object.keys(metafile.inputs));
  return [...programs, [join(standInDist, "index.d.ts"), output[0].code], [join(standInDist, "LICENSES"), licences]];
}

async function main(): Promise<void> {
  const files = [...(await programs()), ...(await types()), ...(await standIn())];
  await rm(dist, { recursive: true, force: true });
  await rm(standInDist, { recursive: true, force: true });
  for (const [path, text] of files) {
    await mkdir(dirname(path), { recursive: true });
    // `npm ci` makes a command executable, and a build after it replaces the file.
    await writeFile(path, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
