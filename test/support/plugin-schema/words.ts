/**
 * The text of a comment for all languages: without examples, and without sentences about TypeScript classes. Undefined if
 * nothing is left.
 */
export function described(comment: string): string | undefined {
  const paragraphs = comment
    .replaceAll(/```[\s\S]*?```/g, "")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, " ").trim())
    // Drops paragraphs that introduced an example.
    .filter((paragraph) => paragraph !== "" && !paragraph.endsWith(":"));
  const text = paragraphs.map(inOtherWords).join("\n\n").trim();
  return text === "" ? undefined : text;
}

/** Sentences to drop, because they are true only of the dynamic provider. */
const untrue = [
  / ?For existing objects, see `docs\/import\.md`\./g,
  / ?The options `deleteBeforeReplace` and `retainOnDelete` have no effect here\./g,
  / ?`spread` makes an expression whose minute depends on a name\./g,
  / ?See \{@link \w+\.\w+\}(?:, as ids(?: and versions)?)?\./g,
  /; see \{@link \w+\.\w+\}/g,
];

function inOtherWords(paragraph: string): string {
  return (
    untrue
      .reduce((text, sentence) => text.replaceAll(sentence, ""), paragraph)
      .replaceAll(/\{@link (?:Qoder)?([\w.]+)\}/g, "`$1`")
      .replaceAll(/`Qoder([A-Z]\w*)/g, "`$1")
      .replaceAll(/\ba (`?(?:Agent|Environment)\b)/g, "an $1")
      // Only the SDK accepts a resource in place of its id.
      .replaceAll(/\ban? `\w+`(?:,| or) its id( \(`\w+\.\.\.`\))?(?:, or what `\w+` found)?/g, "its id$1")
      .replaceAll(/\bundefined\b/g, "absent")
      .replaceAll(/\bUndefined\b/g, "Absent")
      .trim()
  );
}

/** Texts in place of comments about values that only a program of the SDK can write. */
export const ownWords: Readonly<Record<string, string>> = {
  "Agent.multiagent":
    'The team to which this agent hands work; it needs the tool `agent_toolset_20260401`. Left out: none. Removed: the update sends null; if the API keeps the team, the error names `replaceOnChanges: ["multiagent"]`.',
  "Agent.skills":
    "The skills of the agent: at most 20. A skill with the id and the version of a `Skill` resource moves the agent to each new version in the same `pulumi up`. The result of `getSkill` passes its id and current version. An update sends the whole list. Left out or removed: none.",
  "Deployment.agent":
    "The agent that runs: its id, or its id and version. With the `id` and the `version` of one `Agent` resource the deployment moves to each new version in the same `pulumi up`. An id alone takes the newest version once, and stays there until the id changes. An added version is sent if another version runs; a removed version changes nothing. The result of `getAgent` passes its id and current version. Required.",
  "Deployment.vaultIds":
    "The ids (`vault_...`) of the vaults whose credentials a run may use: at most 50, in any order. Left out or removed: none.",
  "Deployment.initialEvents":
    "The first events of each run: 1 to 50, in order. A text is a message of the user, alone or among other events. An update sends all events. Required.",
  "Deployment.adopt":
    "The id (`dep_...`) of an existing deployment that this resource takes over instead of creating one. The provider sends the arguments that differ, and clears an argument that the program leaves out if a new deployment would have it empty. `pulumi import` takes a deployment over unchanged. Only the creation of the resource reads `adopt`; later changes do nothing.",
  "Skill.source":
    "The folder with the SKILL.md, absolute or relative to the folder of the Pulumi project. Each preview and update reads its regular files, at most 50 MB, without `.git`, `node_modules`, `__pycache__`, `.DS_Store` and `Thumbs.db`. The state keeps the paths below the folder and digests, but neither the path of the folder nor the contents of its files.",
  "File.source":
    "The file to upload, absolute or relative to the folder of the Pulumi project: text of at most 5 MB. Each preview and update reads the file. The state keeps its digest, but neither its path nor its content. Give this or `content`.",
};

/** The settings of the stack's configuration besides those of a provider. */
export const commandSettings = {
  creditsPerDay: {
    type: "number",
    description:
      "The most credits that all deployments of the stack may cost in a day, which the command `pulumi-qoder limits` compares with what was spent.",
  },
  creditsPerMonth: { type: "number", description: "The most credits that they may cost in a month." },
  ownToken: {
    type: "boolean",
    description: "Whether a token from outside of the stack's configuration is an error. Left out: `false`.",
  },
  remarks: { type: "string", description: "Which remarks to show: `all`, `warnings` or `none`. Left out: `all`." },
  showRequests: { type: "boolean", description: "Whether a preview shows the requests that an update will send." },
} as const;
