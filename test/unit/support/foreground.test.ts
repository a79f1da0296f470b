import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const foreground = JSON.stringify(join(__dirname, "..", "..", "support", "foreground.cjs"));

/** A process that runs `program` in the foreground and ends like it; no terminal, so every signal has to be passed on. */
async function wrapperOf(program: string) {
  const wrapper = `
    const { endLike, runForeground } = require(${foreground});
    runForeground(process.execPath, ["-e", ${JSON.stringify(program)}]).then(endLike);
  `;
  const child = spawn(process.execPath, ["-e", wrapper], { stdio: ["ignore", "pipe", "pipe"] });
  await once(child.stdout, "data");
  return child;
}

const ready = `process.stdout.write("ready"); setTimeout(() => {}, 60_000);`;

test("the exit code is passed on", async () => {
  const wrapper = await wrapperOf(`process.stdout.write("ready"); process.exitCode = 7;`);
  expect(await once(wrapper, "exit")).toEqual([7, null]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s reaches the program, and its own ending is waited for",
  async (signal) => {
    const wrapper = await wrapperOf(`
    process.on(${JSON.stringify(signal)}, () => setTimeout(() => process.exit(9), 200));
    ${ready}
  `);
    wrapper.kill(signal);
    expect(await once(wrapper, "exit")).toEqual([9, null]);
  },
);

test("a program that a signal ends takes its wrapper along by the same signal", async () => {
  const wrapper = await wrapperOf(ready);
  wrapper.kill("SIGTERM");
  expect(await once(wrapper, "exit")).toEqual([null, "SIGTERM"]);
});
