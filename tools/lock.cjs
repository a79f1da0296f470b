"use strict";

// CommonJS without dependencies, because first-run.cjs needs it before `npm ci` has run.

const { randomUUID } = require("node:crypto");
const {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require("node:fs");
const { dirname } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

const POLL_MS = 200;

const systemClock = { elapsed: () => performance.now(), sleep };

async function withLock(file, action, { waiting = () => {}, deadAfterMs = 10_000, clock = systemClock } = {}) {
  mkdirSync(dirname(file), { recursive: true });
  const owner = `${process.pid} ${randomUUID()}`;
  await acquire(file, owner, waiting, deadAfterMs, clock);

  const isOurs = () => snapshot(file)?.owner === owner;
  const heartbeat = setInterval(() => isOurs() && utimesSync(file, new Date(), new Date()), deadAfterMs / 10);
  const release = () => {
    clearInterval(heartbeat);
    if (isOurs()) rmSync(file, { force: true });
  };
  process.once("exit", release);
  try {
    return await action();
  } finally {
    process.off("exit", release);
    release();
  }
}

async function acquire(file, owner, waiting, deadAfterMs, clock) {
  let lastSeen;
  let lastSeenAt;
  while (!create(file, owner)) {
    if (lastSeenAt === undefined) waiting();
    const seen = snapshot(file);
    // A holder lives while this process sees its file change. The time of the file proves nothing: after the machine slept, or
    // with the clocks of two hosts, a living holder would seem dead.
    if (lastSeenAt === undefined || !isSame(seen, lastSeen)) {
      lastSeen = seen;
      lastSeenAt = clock.elapsed();
    } else if (seen && clock.elapsed() - lastSeenAt > deadAfterMs) {
      takeAway(file, seen);
    }
    await clock.sleep(POLL_MS);
  }
}

function create(file, owner) {
  try {
    writeFileSync(file, owner, { flag: "wx" });
    return true;
  } catch (error) {
    // Windows answers EPERM for a file that is being deleted.
    if (error.code === "EEXIST" || (error.code === "EPERM" && process.platform === "win32")) return false;
    throw error;
  }
}

/** Two waiters can find the same holder dead at once: the slower one must not delete the lock of the faster one. */
function takeAway(file, dead) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (!isSame(snapshot(aside), dead)) linkSync(aside, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function snapshot(file) {
  try {
    return { owner: readFileSync(file, "utf8"), beat: statSync(file).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isSame(one, other) {
  return one?.owner === other?.owner && one?.beat === other?.beat;
}

module.exports = { withLock };
