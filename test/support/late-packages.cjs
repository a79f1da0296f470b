"use strict";

/**
 * What Pulumi's SDK loads with every program and every provider, and needs only to turn a function into text: a compiler and
 * a package manager, three fifths of the CPU time in which a provider process starts. With this file they are loaded when
 * they are first asked for something. For `setupFiles` of jest, and for `node --require`.
 */
const packages = /^@npmcli\/arborist$|(^|\/)typescript-shim$/;

function late(load) {
  let loaded;
  const get = (_, member) => {
    // Asked of every module that is imported.
    if (member === "__esModule") return true;
    loaded ??= load();
    return loaded[member];
  };
  return new Proxy({}, { get });
}

if (typeof jest === "undefined") {
  const Module = require("node:module");
  const load = Module._load;
  Module._load = (request, ...rest) =>
    packages.test(request) ? late(() => load(request, ...rest)) : load(request, ...rest);
} else {
  for (const name of ["@npmcli/arborist", "@pulumi/pulumi/typescript-shim"]) {
    jest.mock(name, () => late(() => jest.requireActual(name)));
  }
}
