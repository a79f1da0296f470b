"use strict";

/**
 * Keeps what V8 compiled of the modules of a process for the next process. For `node --require`: each command of Pulumi starts two
 * processes, which load the same modules. Node.js 22 can do this by itself.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join, resolve } = require("node:path");
const { cachedDataVersionTag, setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");

// The SDK sets this flag too, only later, and V8 rejects code that was compiled with other flags (runtime/closure/v8Hooks.js).
setFlagsFromString("--allow-natives-syntax");

/** The name contains the version and the flags of V8. `npm ci` removes the folder. */
const folder = resolve(__dirname, "..", "..", "node_modules", ".cache", `compiled-${cachedDataVersionTag()}`);

/** V8 compiles a shorter module as fast as it reads a file. */
const leastLength = 4096;

/** The scripts that no earlier process compiled, by the files that are to hold them. */
const missing = new Map();

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Writes a whole file or none, because other processes read it. Without the file, the next process compiles the module itself. */
function write(file, data) {
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(partial, data);
    renameSync(partial, file);
  } catch {}
}

/** The function `require` of a module, as Node.js makes it (lib/internal/modules/helpers.js). */
function requireOf(module) {
  const own = (id) => module.require(id);
  own.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  own.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  return Object.assign(own, { main: process.mainModule, extensions: Module._extensions, cache: Module._cache });
}

/** A script from a cache cannot call `import()`. In the compiler of TypeScript only texts contain the word. */
function mayImport(content, filename) {
  return content.includes("import(") && basename(filename) !== "typescript.js";
}

function compileLike(original) {
  return function compile(content, filename) {
    if (content.length < leastLength || content.startsWith("#!") || mayImport(content, filename)) {
      return original.call(this, content, filename);
    }
    const file = join(folder, createHash("sha1").update(content).digest("hex"));
    const cachedData = read(file);
    const columnOffset = -Module.wrapper[0].length;
    const script = new Script(Module.wrap(content), { filename, columnOffset, ...(cachedData && { cachedData }) });
    const run = script.runInThisContext();
    const result = run.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
    if (cachedData === undefined || script.cachedDataRejected) {
      // The engine kills a provider process, so that it never reaches its exit.
      write(file, script.createCachedData());
      missing.set(file, script);
    }
    return result;
  };
}

if (Module.enableCompileCache) {
  Module.enableCompileCache(folder);
} else {
  Module.prototype._compile = compileLike(Module.prototype._compile);
  process.on("exit", () => {
    // By now V8 has also compiled the functions that a module needs only when it works.
    for (const [file, script] of missing) write(file, script.createCachedData());
  });
}
