import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cells } from "../../tools/matrix/cells";
import { page } from "../../tools/matrix/table";

test("docs/reference/installs.md shows these cells; `npm run matrix` writes the page", () => {
  const text = readFileSync(join(resolve(__dirname, "..", ".."), "docs", "reference", "installs.md"), "utf8");
  const [, versions = ""] = /Tested with (.+):$/m.exec(text) ?? [];
  expect(text).toBe(page(cells, versions));
});
