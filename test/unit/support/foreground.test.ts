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

const ready = `process.stdout.write("ready"); setTimeout(() => {}, 60_000);`;

test("the wrapper ends with the exit code of the program", async () => {
  const wrapper = await wrapperOf(`process.stdout.write("ready"); process.exitCode = 7;`);
  expect(await wrapper.exit).toEqual([7, null]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "the wrapper passes %s to the program, and waits until the program ends",
  async (signal) => {
    const wrapper = await wrapperOf(`
    process.on(${JSON.stringify(signal)}, () => setTimeout(() => process.exit(9), 200));
    ${ready}
  `);
    wrapper.kill(signal);
    expect(await wrapper.exit).toEqual([9, null]);
  },
);

test("the wrapper ends by the signal that ended the program", async () => {
  const wrapper = await wrapperOf(ready);
  wrapper.kill("SIGTERM");
  expect(await wrapper.exit).toEqual([null, "SIGTERM"]);
});
