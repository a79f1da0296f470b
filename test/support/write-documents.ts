import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { documentTables, withTables } from "./document-tables";
import { pluginSchema, schemaFile } from "./plugin-schema";

// `npm run documents` writes the meaning of the arguments and the advice of the messages into the tables of docs/, and the
// schema of the plugin.
const repository = resolve(__dirname, "..", "..");
for (const [name, tables] of Object.entries(documentTables)) {
  const file = join(repository, name);
  writeFileSync(file, withTables(name, readFileSync(file, "utf8"), tables));
}
writeFileSync(join(repository, schemaFile), pluginSchema());
