import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { resolve } from "node:path";

const command = resolve(__dirname, "../../dist/command/main.js");
const full = () => openSync("/dev/full", "w");
const reason = "the output cannot be written: no space left on device (ENOSPC)";

test.each([
  [["--help"], 1],
  [["status", "--help"], 2],
])(
  "if the output of %j goes to a full disk, the command prints one error and ends with the status %i",
  (args, expected) => {
    const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
      stdio: ["ignore", full(), "pipe"],
      encoding: "utf8",
    });
    expect(stderr).toBe(`pulumi-qoder: ${reason}\n`);
    expect(status).toBe(expected);
  },
);

test("a command that cannot print its error ends with the status of the error", () => {
  const { status, stdout } = spawnSync(process.execPath, [command, "status"], {
    stdio: ["ignore", "pipe", full()],
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
});
