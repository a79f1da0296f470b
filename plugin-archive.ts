import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { version } from "./package.json";

// `npm run plugin` makes the archives of a release, in which one file has all code of the plugin. The engine asks for the name of its
// own platform (pulumi/pulumi sdk/go/common/workspace/plugins.go); all archives are equal. `npm run build` makes the files of the npm
// package.

const platforms = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"];

const folder = resolve(__dirname, "plugin");

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

async function main(): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), "pulumi-qoder-plugin-"));
  try {
    const { outputFiles } = await build({
      entryPoints: [resolve(__dirname, "provider", "plugin-server.ts")],
      bundle: true,
      platform: "node",
      target: "node20",
      minify: true,
      write: false,
      plugins: [sdkInside],
    });
    for (const { contents } of outputFiles) {
      writeFileSync(join(made, "main.js"), contents);
    }
    for (const name of ["pulumi-resource-qoder", "pulumi-resource-qoder.cmd", "schema.json"]) {
      copyFileSync(join(folder, name), join(made, name));
    }
    chmodSync(join(made, "pulumi-resource-qoder"), 0o755);
    for (const platform of platforms) {
      const archive = `pulumi-resource-qoder-v${version}-${platform}.tar.gz`;
      execFileSync("tar", ["-czf", resolve(__dirname, archive), "-C", made, "."]);
      process.stdout.write(`${archive}: pulumi plugin install resource qoder ${version} --file ${archive}\n`);
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
