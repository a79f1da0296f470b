import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { argumentNames, fields } from "../../provider/fields";

const readme = readFileSync(resolve(__dirname, "..", "..", "README.md"), "utf8");

test("the README's table of arguments says what the table of fields does", () => {
  const rows = argumentNames.map((name) => {
    const { leftOut, removed, sameWhen } = fields[name].meaning;
    return `| \`${name}\` | ${leftOut} | ${removed} | ${sameWhen} |`;
  });
  const table = ["| argument | left out | removed later | the same when |", "|---|---|---|---|", ...rows].join("\n");
  expect(/<!-- semantics -->\n([\s\S]*?)\n<!-- \/semantics -->/.exec(readme)?.[1]).toBe(table);
});
