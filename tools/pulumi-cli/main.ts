import { constants } from "node:os";
import { pulumiCli } from "./index";

// Without a handler, a signal ends the process without the "exit" event, at which the Go build stops and its folder is removed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

pulumiCli((line) => process.stderr.write(`${line}\n`)).then(
  (cli) => process.stdout.write(`${cli.executable}\n`),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
