import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { documentTables, withTables } from "./document-tables";

// `npm run documents`: the meaning of the arguments and the advice of the messages, into the tables of docs/.
const repository = resolve(__dirname, "..", "..");
for (const [name, tables] of Object.entries(documentTables)) {
  const file = join(repository, name);
  writeFileSync(file, withTables(name, readFileSync(file, "utf8"), tables));
}
