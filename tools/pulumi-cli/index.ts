import { PulumiCommand } from "@pulumi/pulumi/automation/cmd";
import { SemVer } from "semver";
import { cachedCliFolder, fromCache, installIntoCache } from "./cache";
import { buildWithGo, neededGo } from "./go-build";
import { type PulumiCli, pulumiVersion } from "./installation";
import { locate } from "./locate";
import { fromPath } from "./path";

export { fasterStart, pulumiEnvironment } from "./environment";
export type { PulumiCli } from "./installation";

/**
 * The real Pulumi CLI, for tests and demo. The first call on a machine that has none downloads or builds one, which
 * can take minutes: `progress` gets a line before each long step.
 */
export async function pulumiCli(progress: (line: string) => void = () => {}): Promise<PulumiCli> {
  const folder = cachedCliFolder();
  const onPath = { title: "pulumi on PATH", run: () => fromPath() };
  const cached = { title: `the cache, ${folder}`, run: () => fromCache() };
  const downloaded = {
    title: "download from get.pulumi.com",
    announcement: `Downloading Pulumi ${pulumiVersion} from get.pulumi.com: usually 20 seconds, once per machine`,
    run: () =>
      installIntoCache("download", async (root) => {
        await PulumiCommand.install({ root, version: new SemVer(pulumiVersion) });
      }),
  };
  const built = {
    title: "build with Go",
    run: () => installIntoCache("go", (root) => buildWithGo(root, progress)),
  };
  return await locate(
    {
      ready: [onPath, cached],
      // Tries the cache once more: another process may have filled it while this one waited for the lock.
      installers: [cached, downloaded, built],
      lockFile: `${folder}.lock`,
      advice: [
        `install Pulumi ${pulumiVersion} or a later 3.x and have it on PATH: https://www.pulumi.com/docs/install/`,
        `install Go ${neededGo} or later, https://go.dev/dl/, and run this again: it builds Pulumi from its Go modules`,
        "let this machine reach get.pulumi.com, and run this again",
      ],
    },
    progress,
  );
}
