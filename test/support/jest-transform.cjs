"use strict";

const { transformSync, version } = require("esbuild");
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");

// `npm run check` checks the types; a check here would only cost time.
const options = { loader: "ts", format: "cjs", target: "node20", sourcemap: "inline" };
const transformer = [version, readFileSync(__filename)];

module.exports = {
  /** The key is the same for all layers, so that jest transforms shared files once. */
  getCacheKey(source, path) {
    const key = createHash("sha256");
    for (const part of [...transformer, path, source]) key.update(part).update("\0");
    return key.digest("hex");
  },
  process(source, path) {
    return { code: transformSync(source, { ...options, sourcefile: path }).code };
  },
};
