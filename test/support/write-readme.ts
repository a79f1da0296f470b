import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readmeTables, withTables } from "./readme-tables";

// `npm run readme`: the meaning of the arguments and the advice of the messages, into the tables of the README.
const file = join(resolve(__dirname, "..", ".."), "README.md");
writeFileSync(file, withTables(readFileSync(file, "utf8"), readmeTables));
