/** The code that calls the API. Only this function loads HTTP and zod, so programs without look-ups never load them. */
export function lookUps(): typeof import("./look-ups") {
  return require("./look-ups");
}
