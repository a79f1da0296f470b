import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { startStandIn } from "pulumi-qoder-stand-in";

test("`pulumi up` creates the report, a second one sends nothing, and `pulumi destroy` archives it", async () => {
  const state = mkdtempSync(join(tmpdir(), "qoder-unit-tested-"));
  const standIn = await startStandIn();
  try {
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "prod", workDir: process.cwd() },
      { envVars: { ...standIn.environment, PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: "test" } },
    );
    await stack.up();
    assert.deepEqual(
      standIn.live("deployments").map(({ name, status }) => [name, status]),
      [["daily-report-prod", "active"]],
    );
    const sent = standIn.requests().length;
    await stack.up();
    assert.equal(standIn.requests().length, sent);
    await stack.destroy({ remove: true });
    assert.deepEqual(standIn.live("deployments"), []);
  } finally {
    await standIn.close();
    rmSync(state, { recursive: true });
  }
});
