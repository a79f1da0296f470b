import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const foreground = JSON.stringify(join(__dirname, "..", "..", "..", "tools", "foreground.cjs"));

/** A process that runs `program` in the foreground and ends as the program ends. It has no terminal, so it passes on every signal. */
async function wrapperOf(program: string) {
  const wrapper = `
    const { endLike, runForeground } = require(${foreground});
    runForeground(process.execPath, ["-e", ${JSON.stringify(program)}]).then(endLike);
  `;
  const child = spawn(process.execPath, ["-e", wrapper], { stdio: ["ignore", "pipe", "pipe"] });
  // The end of the process may be seen before its output.
  const exit = once(child, "exit");
  await once(child.stdout, "data");
  return { exit, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

const ending = (then: string) => `process.on("SIGTERM", () => setTimeout(() => process.exit(9), 200)); ${then}`;
const ready = `process.stdout.write("ready"); setTimeout(() => {}, 60_000);`;

test.each<[string, string, boolean, [number | null, NodeJS.Signals | null]]>([
  ["with the exit code of the program", `process.stdout.write("ready"); process.exitCode = 7;`, false, [7, null]],
  ["after the program, to which it passes the signal", ending(ready), true, [9, null]],
  ["by the signal that ended the program", ready, true, [null, "SIGTERM"]],
])("the wrapper ends %s", async (_, program, isSignalled, end) => {
  const wrapper = await wrapperOf(program);
  if (isSignalled) wrapper.kill("SIGTERM");
  expect(await wrapper.exit).toEqual(end);
});
