import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { kindNames } from "../../provider/kinds/table";

const repository = resolve(__dirname, "..", "..");
const textOf = (file: string) => readFileSync(join(repository, file), "utf8");
const schema = z
  .looseObject({
    displayName: z.string(),
    publisher: z.string(),
    keywords: z.array(z.string()),
    resources: z.record(z.string(), z.looseObject({ description: z.string() })),
  })
  .parse(JSON.parse(textOf("plugin/schema.json")));

/** The patterns of the Registry's own check (pulumi/registry scripts/ci/community-package/doc_lint.py): such links break there. */
const broken = [
  /<img[^>]+src="(\.|\/|[^h])/,
  /<img[^>]+src='(\.|\/|[^h])/,
  /!\[[^\]]*\]\((\.|\/)/,
  /<a[^>]+href="(\.|\/)/,
  /\]\((?!https?:\/\/)[^)]*\.md[)#]/,
];

const pages = ["docs/_index.md", "docs/installation-configuration.md"];

test.each(pages)("%s has the front matter of a package, and no link that breaks in the Registry", (file) => {
  const text = textOf(file);
  expect(text).toMatch(/^---\ntitle: .+\nmeta_desc: .+\nlayout: package\n---\n/);
  expect(text.split("\n").filter((line) => broken.some((pattern) => pattern.test(line)))).toEqual([]);
});

test("the title of the first page is the name of the package in the schema", () => {
  expect(textOf("docs/_index.md")).toContain(`\ntitle: ${schema.displayName}\n`);
});

test("the schema has what the Registry asks of a package", () => {
  expect(schema.publisher).not.toBe("");
  expect(schema.keywords).toEqual(expect.arrayContaining([expect.stringMatching(/^category\//), "kind/native"]));
  expect(existsSync(join(repository, "docs/pictures/logo.svg"))).toBe(true);
});

test.each(kindNames)("the text of %s has an example in each language, in the form of the Registry", (name) => {
  const { description } = schema.resources[`qoder:index:${name}`] ?? { description: "" };
  const [, examples = ""] =
    /\{\{% examples %\}\}\n## Example Usage\n([\s\S]*)\{\{% \/examples %\}\}$/.exec(description) ?? [];
  expect(examples.match(/^\{\{% \/?example %\}\}$/gm)).toEqual(["{{% example %}}", "{{% /example %}}"]);
  expect([...examples.matchAll(/^```(\w+)$/gm)].map(([, language]) => language)).toEqual([
    "typescript",
    "python",
    "yaml",
  ]);
});
