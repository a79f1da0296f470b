import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../../../tools/lock.cjs";
import { TemporaryFolder } from "../../support/temporary-folder";
import { until } from "../../support/until";

const folder = TemporaryFolder.ofTests();
let lockFile: string;
beforeEach(() => {
  lockFile = folder.at("lock");
});

/** No process takes the lock of another one away, however slowly the machine runs both. */
const neverMs = 2 ** 31 - 1;

/** A process that takes the lock, prints "in", and holds the lock for a while. */
function holder(milliseconds: number): ChildProcess {
  const program = `
    const { withLock } = require(${JSON.stringify(join(__dirname, "..", "..", "..", "tools", "lock.cjs"))});
    const { appendFileSync } = require("node:fs");
    const log = (word) => appendFileSync(${JSON.stringify(folder.at("log"))}, word + " " + process.pid + "\\n");
    withLock(${JSON.stringify(lockFile)}, async () => {
      log("in");
      process.stdout.write("in");
      await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));
      log("out");
    }, { deadAfterMs: ${neverMs} });
  `;
  return spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
}

async function started(child: ChildProcess): Promise<void> {
  if (child.stdout) await once(child.stdout, "data");
}

test("processes that start at the same time hold the lock one after the other", async () => {
  const children = [holder(300), holder(300), holder(300)];
  await Promise.all(children.map((child) => once(child, "exit")));

  const lines = readFileSync(folder.at("log"), "utf8").trim().split("\n");
  const pids = lines.filter((line) => line.startsWith("in ")).map((line) => line.slice(3));
  expect(new Set(pids).size).toBe(3);
  expect(lines).toEqual(pids.flatMap((pid) => [`in ${pid}`, `out ${pid}`]));
  expect(existsSync(lockFile)).toBe(false);
});

test("the lock of a killed process goes to the next process", async () => {
  const killed = holder(60_000);
  await started(killed);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(existsSync(lockFile)).toBe(true);

  const waiting = jest.fn();
  await expect(withLock(lockFile, async () => "ours", { waiting, deadAfterMs: 300 })).resolves.toBe("ours");
  expect(waiting).toHaveBeenCalledTimes(1);
  expect(existsSync(lockFile)).toBe(false);
});

test("a lock whose file changes stays with its process for much longer than `deadAfterMs`", async () => {
  writeFileSync(lockFile, "a living process");
  let looks = 0;
  const sleep = async () => {
    looks += 1;
    if (looks === 100) {
      rmSync(lockFile);
    } else {
      utimesSync(lockFile, looks, looks);
    }
  };
  const elapsed = () => looks * 1_000;
  await withLock(lockFile, async () => {}, { deadAfterMs: 2_000, clock: { elapsed, sleep } });
  expect(looks).toBe(100);
});

test("the file of a lock changes again and again while the action runs", async () => {
  const beat = () => statSync(lockFile).mtimeMs;
  const action = async () => {
    for (let changes = 0, last = beat(); changes < 3; changes += 1, last = beat()) {
      await until(() => beat() !== last, `change ${changes + 1} of the file`);
    }
  };
  await withLock(lockFile, action, { deadAfterMs: 100 });
});
