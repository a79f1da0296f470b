"use strict";

/**
 * Loads parts of Pulumi's SDK only when something asks for them: a compiler and a package manager, which the SDK needs only to turn a
 * function into text and which take three fifths of the CPU time in which a provider process starts; and with `node --require` also the
 * Automation API, the tracing of a program, and the source maps of the SDK. For `setupFiles` of jest, and for `node --require`.
 */
const packages =
  /^@npmcli\/arborist$|(^|\/)typescript-shim$|^@opentelemetry\/(?!api$)|^\.\/automation$|^source-map-support\/register$/;
const { existsSync } = require("node:fs");

function late(load) {
  let loaded;
  const get = (_, member) => {
    // Every import asks for this member, so it must not load the package.
    if (member === "__esModule") return true;
    loaded ??= load();
    return loaded[member];
  };
  return new Proxy({}, { get });
}

if (typeof jest === "undefined") {
  const Module = require("node:module");
  const load = Module._load;
  Module._load = (request, ...rest) => {
    // A program waits for V8's inspector before it starts, but only a function that becomes text needs it, and then v8.js starts it.
    if (request === "../../runtime/closure/v8Hooks") return { isInitializedAsync: async () => {} };
    return packages.test(request) ? late(() => load(request, ...rest)) : load(request, ...rest);
  };
  // The language host asks for the compiler of TypeScript even if the program is JavaScript, which has no file of this name.
  if (!existsSync("tsconfig.json")) delete process.env.PULUMI_NODEJS_TYPESCRIPT;
} else {
  for (const name of ["@npmcli/arborist", "@pulumi/pulumi/typescript-shim"]) {
    jest.mock(name, () => late(() => jest.requireActual(name)));
  }
}
