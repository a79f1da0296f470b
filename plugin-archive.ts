import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { licencesOf } from "./licences";
import { version } from "./package.json";

// `npm run plugin` makes the archives of a release, in which one file has all code of the plugin: the same bytes from the same commit, with
// the licences of what is inside. `npm run plugin -- FOLDER` makes them in another folder. The engine asks for the name of its
// own platform (pulumi/pulumi sdk/go/common/workspace/plugins.go); all archives are equal. `npm run build` makes the files of the npm
// package.

const platforms = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"];

const folder = resolve(__dirname, "plugin");
const mostBytes = 64 * 1024 * 1024;

/** Bundles the packages of the SDK, which `provider/plugin-server/sdk.ts` otherwise loads when it runs. */
const sdkInside: Plugin = {
  name: "the packages of the SDK inside",
  setup({ onLoad }) {
    onLoad({ filter: /plugin-server[\\/]sdk\.ts$/ }, () => ({ contents: sdk, resolveDir: __dirname, loader: "ts" }));
  },
};

const sdk = `
export * as grpc from "@grpc/grpc-js";
export { Struct } from "google-protobuf/google/protobuf/struct_pb";
export { Any } from "google-protobuf/google/protobuf/any_pb";
export { Empty } from "google-protobuf/google/protobuf/empty_pb";
`;

/** A tar reader of any system takes this time, and an archive of today has the same bytes as one of tomorrow. */
const time = "@315532800";

async function main(out: string): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), "pulumi-qoder-plugin-"));
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [resolve(__dirname, "provider", "plugin-server.ts")],
      absWorkingDir: __dirname,
      bundle: true,
      platform: "node",
      target: "node20",
      minify: true,
      write: false,
      metafile: true,
      plugins: [sdkInside],
    });
    for (const { contents } of outputFiles) {
      writeFileSync(join(made, "main.js"), contents);
    }
    for (const name of ["pulumi-resource-qoder", "pulumi-resource-qoder.cmd", "schema.json"]) {
      copyFileSync(join(folder, name), join(made, name));
    }
    copyFileSync(resolve(__dirname, "LICENSE"), join(made, "LICENSE"));
    writeFileSync(join(made, "LICENSES"), await licencesOf(Object.keys(metafile.inputs)));
    chmodSync(join(made, "pulumi-resource-qoder"), 0o755);
    const owned = [
      "--sort=name",
      `--mtime=${time}`,
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "--mode=u+rw,go+rX-w",
    ];
    const tar = execFileSync("tar", [...owned, "-c", "-C", made, "."], { maxBuffer: mostBytes });
    for (const platform of platforms) {
      const archive = `pulumi-resource-qoder-v${version}-${platform}.tar.gz`;
      writeFileSync(join(out, archive), gzipSync(tar, { level: 9 }));
      process.stdout.write(`${archive}: pulumi plugin install resource qoder ${version} --file ${archive}\n`);
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

main(process.argv[2] ?? __dirname).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
