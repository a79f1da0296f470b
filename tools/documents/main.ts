import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { outputNamesFile, outputNamesText } from "./output-names";
import { pluginSchema, schemaFile } from "./plugin-schema";
import { referencePages } from "./reference/pages";
import { documentTables, withTables } from "./tables";

// `npm run documents` writes what the code knows into the tables of docs/, the pages of docs/reference/, the schema of the plugin and the names of outputs.
const repository = resolve(__dirname, "..", "..");
for (const [name, tables] of Object.entries(documentTables)) {
  const file = join(repository, name);
  writeFileSync(file, withTables(name, readFileSync(file, "utf8"), tables));
}
writeFileSync(join(repository, schemaFile), pluginSchema());
writeFileSync(join(repository, outputNamesFile), outputNamesText());
for (const [name, text] of Object.entries(referencePages())) {
  const file = join(repository, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
