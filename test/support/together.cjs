"use strict";

const { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { basename, dirname, join, relative } = require("node:path");

const folder = ".test-groups";

/**
 * The globs of a layer whose files run in few groups. Jest loads zod, undici, the SDK and the provider anew for each file that it
 * runs, and the JIT compiler of Node.js starts over: a group of files does both once, and takes three fifths of the CPU time.
 *
 * The name of a file stands before the names of its tests. A file that replaces modules, or runs other files, runs alone, as a group shares its modules.
 */
function together(root, layer, groups) {
  const all = readdirSync(join(root, "test", layer), { recursive: true })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/${layer}/${name.replaceAll("\\", "/")}`)
    .sort();
  const alone = all.filter((file) => runsAlone(join(root, file)));
  const shared = all.filter((file) => !alone.includes(file));
  const to = join(root, folder, layer);
  mkdirSync(to, { recursive: true });
  const written = Array.from({ length: groups }, (_, group) => {
    const path = join(to, `${group + 1}.test.cjs`);
    writeGroup(
      root,
      path,
      shared.filter((_file, index) => index % groups === group),
    );
    return basename(path);
  });
  for (const name of readdirSync(to).filter((found) => !written.includes(found))) rmSync(join(to, name));
  return [`<rootDir>/${folder}/${layer}/*.test.cjs`, ...alone.map((file) => `<rootDir>/${file}`)];
}

function runsAlone(file) {
  return /jest\.(mock|doMock)\(|require\(`/.test(readFileSync(file, "utf8"));
}

/** Writes a file that runs these files, each in a block with its name. */
function writeGroup(root, path, files) {
  mkdirSync(dirname(path), { recursive: true });
  writeIfOther(
    path,
    files.map((file) => suite(root, dirname(path), file)),
  );
}

function suite(root, from, file) {
  const path = relative(from, join(root, file)).replaceAll("\\", "/");
  return `describe(${JSON.stringify(file)}, () => void require(${JSON.stringify(path)}));\n`;
}

/** Another run of jest in this folder may read the file now. */
function writeIfOther(path, lines) {
  const text = lines.join("");
  let found;
  try {
    found = readFileSync(path, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  if (found !== text) writeFileSync(path, text);
}

module.exports = { folder, runsAlone, together, writeGroup };
