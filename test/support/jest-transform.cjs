"use strict";

const { transformSync, version } = require("esbuild");
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");

// Types are checked by `npm run check`; here they would only cost time.
const options = { loader: "ts", format: "cjs", target: "node20", sourcemap: "inline" };
const transformer = [version, readFileSync(__filename)];

module.exports = {
  /** The same for all layers, so that what they share is transformed once. */
  getCacheKey(source, path) {
    const key = createHash("sha256");
    for (const part of [...transformer, path, source]) key.update(part).update("\0");
    return key.digest("hex");
  },
  process(source, path) {
    return { code: transformSync(source, { ...options, sourcefile: path }).code };
  },
};
