/** Characters that have another meaning on other systems. */
export const strangeName = /[\\\p{Cc}]/u;

/** Traces of tools. `git~1` is the short name of `.git` on Windows. */
const traces = new Set([".git", "git~1", "node_modules", "__pycache__", ".ds_store", "thumbs.db"]);

/** What tools do without being asked to, by the name of a file or folder. Of two rows that fit, the first counts. */
const acting: readonly (readonly [name: RegExp, effect: string])[] = [
  [/^(\.git.+|\.lfsconfig)$/, "git takes settings from"],
  [/^head$/, "git may take for a repository, and run the commands of, the folder of"],
  [/^(hooks|\.husky|\.pre-commit-config.*|\.?lefthook.*)$/, "git runs in each commit"],
  [/^(\.npmrc|\.yarn.*|\.pnp.*|pnpm-.*|\.?bunfig.*|\.cargo|\.bundle|pip\.conf)$/, "package managers obey"],
  [/^(\.vscode|.*\.code-workspace|\.idea|\.devcontainer.*|\.editorconfig|\.n?vim.*|\.exrc)$/, "editors obey"],
  [/^(\.claude|\.cursor.*|\.qoder|\.mcp\.json|(claude|agents|gemini)(\.[a-z]+)?\.md)$/, "coding agents obey"],
  [/^(\.env.*|\.tool-versions|\.?mise.*\.toml|\.[a-z]+-version|\.nvmrc)$/, "shells and version managers load"],
  [/^(\.github|\.gitlab-ci.*|\.circleci|\.travis\.yml|jenkinsfile)$/, "build services run"],
  [/^(conftest\.py|test_.*\.py|.*_test\.py|.*\.(test|spec)\.[cm]?[jt]sx?|__tests__)$/, "test runners run"],
  [/^.+\.config\.[cm]?[jt]s$/, "linters, editors and build tools run"],
  [/^\./, "tools find settings in"],
];

/**
 * The file, or the topmost folder around it, that a QoderSkill never uploads and `import` never writes; undefined for a file
 * without such a name. git runs the commands that the config in a `.git` names.
 */
export function traceIn(path: string): string | undefined {
  return partOf(path, (name) => traces.has(asSystemsRead(name)));
}

/** The files, or the topmost folders around them, by whose names tools act, by effect. */
export function actingFiles(
  paths: readonly string[],
): { readonly effect: string; readonly paths: readonly string[] }[] {
  const found = [...new Set(paths.flatMap((path) => partOf(path, (name) => rowOf(name) !== -1) ?? []))].sort();
  const all = acting.map(([, effect], row) => ({
    effect,
    paths: found.filter((path) => rowOf(path.slice(path.lastIndexOf("/") + 1)) === row),
  }));
  return all.filter((one) => one.paths.length > 0);
}

function rowOf(name: string): number {
  return acting.findIndex(([pattern]) => pattern.test(asSystemsRead(name)));
}

function partOf(path: string, fits: (name: string) => boolean): string | undefined {
  const parts = path.split("/");
  const at = parts.findIndex(fits);
  return at === -1 ? undefined : parts.slice(0, at + 1).join("/");
}

/**
 * Equal for names that some file system takes for equal: macOS ignores invisible characters, Windows what follows a colon and
 * dots and spaces at the end, both the case (git's utf8.c, `is_hfs_dotgit`, and path.c, `is_ntfs_dotgit`).
 */
function asSystemsRead(name: string): string {
  const visible = name.replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  return visible
    .replace(/:.*$/s, "")
    .replace(/[. ]+$/, "")
    .toUpperCase()
    .toLowerCase();
}
