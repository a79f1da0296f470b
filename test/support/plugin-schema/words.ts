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
  / ?The option `import` cannot work: use `adopt`(?: or `npx pulumi-qoder import`)?\./g,
  / ?The options `deleteBeforeReplace` and `retainOnDelete` mean nothing here, and `import` cannot work\./g,
  / ?`spread` makes one whose minute depends on a name\./g,
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
      .replaceAll("undefined where", "absent where")
      .trim()
  );
}

/** Texts in place of comments about values that only a program of the SDK can write. */
export const ownWords: Readonly<Record<string, string>> = {
  "Agent.multiagent":
    'The agents that this one hands work to; needs the tool `agent_toolset_20260401`. Left out: none. Removed: cleared with null; where the API does not take that, an error says so and names `replaceOnChanges: ["multiagent"]`.',
  "Agent.skills":
    "The skills of the agent: at most 20. A skill with the id and the version of a `Skill` resource moves the agent to each new version in the same `pulumi up`; what `getSkill` found means the version of then. A change sends all of them. Left out or removed: none.",
  "Deployment.agent":
    "The agent that runs: its id, or its id and version. The id and the version of an `Agent` resource (`id` and `version` of the same resource) make the deployment follow it: what changes of the agent reaches the deployment in the same `pulumi up`. An id alone takes the newest version when it is set, and stays at that version until the id changes. Adding a version sends it where another one runs; removing the version changes nothing. What `getAgent` found means its id and the version that it has now. Required.",
  "Deployment.vaultIds":
    "The ids (`vault_...`) of the vaults whose credentials a run may use: at most 50, in any order. Left out or removed: none.",
  "Deployment.initialEvents":
    "What each run starts with: 1 to 50 events in order. A text is what a user says, alone or among other events. A change sends all of them. Required.",
  "Deployment.adopt":
    "The id (`dep_...`) of an existing deployment to take over instead of creating one. What differs from the arguments is sent; an argument that is left out, and would be empty in a new deployment, is cleared there. `pulumi import` takes it over as it is. Counts at creation only; later changes and its removal do nothing.",
  "Skill.source":
    "The folder with the SKILL.md, absolute or from the folder of the Pulumi project. It is read in each preview and update: regular files alone, at most 50 MB. `.git`, `node_modules`, `__pycache__`, `.DS_Store` and `Thumbs.db` stay out. The state has the paths below it and digests, and neither where it is nor what is in its files.",
  "File.source":
    "The file to upload, absolute or from the folder of the Pulumi project: text of at most 5 MB. It is read in each preview and update. The state has its digest, and neither where it is nor what is in it. Give this or `content`.",
};

/** The settings of the stack's configuration besides those of a provider. */
export const commandSettings = {
  remarks: { type: "string", description: "Which remarks to show: `all`, `warnings` or `none`. Left out: `all`." },
  showRequests: { type: "boolean", description: "Whether a preview shows the requests that an update will send." },
} as const;
