/** Loaded with the first request: it takes longer than the rest of this package, and most previews send none. */
export function undici(): typeof import("undici") {
  return require("undici");
}
