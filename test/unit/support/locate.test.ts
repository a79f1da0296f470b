import type { PulumiCli } from "../../../tools/pulumi-cli/installation";
import { type Attempt, locate } from "../../../tools/pulumi-cli/locate";
import { TemporaryFolder } from "../../support/temporary-folder";

const folder = TemporaryFolder.ofTests();

const cli = (source: PulumiCli["source"]): PulumiCli => ({
  executable: "/somewhere/bin/pulumi",
  folder: "/somewhere",
  version: "3.274.1",
  source,
  searchPath: ["/somewhere/bin"],
});

function attempt(title: string, outcome: PulumiCli | string): Attempt {
  return {
    title,
    run: async () => {
      if (typeof outcome === "string") throw new Error(outcome);
      return outcome;
    },
  };
}

test("after a failed download Go builds the CLI, and the announcement of the download is printed", async () => {
  const lines: string[] = [];
  const download = { ...attempt("download", "fetch failed"), announcement: "Downloading: usually 20 seconds" };
  const [ready, installers] = [[attempt("path", "there is none")], [download, attempt("go", cli("go"))]];
  const found = await locate({ ready, installers, lockFile: folder.at("lock"), advice: [] }, (line) =>
    lines.push(line),
  );
  expect(found.source).toBe("go");
  expect(lines).toEqual(["Downloading: usually 20 seconds", "That did not work: fetch failed"]);
});

test("if no attempt works, the error lists each attempt once, in order, with its reason, and advice", async () => {
  const cache = attempt("cache", "nothing there yet");
  const plan = {
    ready: [attempt("path", "version 3.1.0 is too old"), cache],
    installers: [cache, attempt("download", "fetch failed"), attempt("go", "go was not found")],
    lockFile: folder.at("lock"),
    advice: ["install Pulumi", "install Go"],
  };
  await expect(locate(plan, () => {})).rejects.toThrow(
    [
      "There is no Pulumi CLI for the tests. Tried, in this order:",
      "  1. path: version 3.1.0 is too old",
      "  2. cache: nothing there yet",
      "  3. download: fetch failed",
      "  4. go: go was not found",
      "One of these will do:",
      "  - install Pulumi",
      "  - install Go",
    ].join("\n"),
  );
});
