"use strict";

// CommonJS without dependencies, because first-run.cjs needs it before `npm ci` has run.

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs a program on this terminal, passes signals on to it, and waits for its end: `{ code, signal }`. */
function runForeground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", ...options });
    const passOn = (signal) => {
      // Ctrl-C already reaches every process of the terminal's foreground group, and for Pulumi and jest a second SIGINT means
      // "at once" (https://www.gnu.org/software/libc/manual/html_node/Signal-Characters.html).
      if (signal === "SIGINT" && hasTerminal()) return;
      child.kill(signal);
    };
    const stopListening = () => {
      for (const signal of signals) process.off(signal, passOn);
    };
    for (const signal of signals) process.on(signal, passOn);
    child.once("error", (error) => {
      stopListening();
      reject(error);
    });
    child.once("exit", (code, signal) => {
      stopListening();
      resolve({ code, signal });
    });
  });
}

function hasTerminal() {
  return [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}

/** Ends this process as the other process ended, so that a waiting process sees no difference. */
function endLike({ code, signal }) {
  process.exitCode = signal ? 128 + constants.signals[signal] : code;
  if (signal && process.platform !== "win32") process.kill(process.pid, signal);
}

module.exports = { runForeground, endLike };
