import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const launcher = resolve(__dirname, "..", "..", "plugin", "pulumi-resource-qoder");
const onUnix = process.platform === "win32" ? test.skip : test;

onUnix("the plugin ends with an error that asks for Node.js if PATH has no node", () => {
  const empty = mkdtempSync(join(tmpdir(), "pulumi-qoder-no-node-"));
  try {
    const { status, stdout, stderr } = spawnSync("/bin/sh", [launcher, "127.0.0.1:1"], {
      env: { PATH: empty },
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^The Pulumi plugin of Qoder needs Node\.js 20\.18\.1 or later, and there is no node on PATH/,
    );
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
});
