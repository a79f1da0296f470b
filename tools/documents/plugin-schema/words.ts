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

/** A sentence that is true only of the classes, and references to other texts of them. */
const ofClasses = [
  / ?In TypeScript,[\s\S]*?\.(?=\s|$)/g,
  / ?See \{@link \w+\.\w+\}(?:, as ids(?: and versions)?)?\./g,
  /; see \{@link \w+\.\w+\}/g,
];

function inOtherWords(paragraph: string): string {
  return (
    ofClasses
      .reduce((text, sentence) => text.replaceAll(sentence, ""), paragraph)
      .replaceAll(/\{@link (?:Qoder)?([\w.]+) ?\}/g, "`$1`")
      .replaceAll(/`Qoder([A-Z]\w*)/g, "`$1")
      .replaceAll(/\ba (`?(?:Agent|Environment)\b)/g, "an $1")
      // Only the SDK accepts a resource in place of its id.
      .replaceAll(/\ban? `\w+`(?:,| or) its id( \(`\w+\.\.\.`\))?(?:, or what `\w+` found)?/g, "its id$1")
      .replaceAll(/\bundefined\b/g, "absent")
      .replaceAll(/\bUndefined\b/g, "Absent")
      .trim()
  );
}

/** The settings of the stack's configuration besides those of a provider. */
export const commandSettings = {
  diagnostics: {
    type: "string",
    description:
      "What a preview shows below the plan: `all`, `warnings` or `none`, and kinds to hide. Left out: `all`.",
  },
  creditsPerDay: {
    type: "number",
    description:
      "A threshold for the credits that all deployments of the stack cost in a day: the command `pulumi-qoder limits` compares it with what was spent.",
  },
  creditsPerMonth: { type: "number", description: "A threshold for the credits of a month." },
  ownToken: {
    type: "boolean",
    description:
      "True if the stack needs a token of its own: without one, a token from the environment is an error. Left out: false.",
  },
  protect: {
    type: "boolean",
    description:
      "True if each removal and replacement that would archive or delete an object fails. `QODER_ALLOW_REMOVAL` in the environment of a command allows it for the ids that it holds. Left out: false.",
  },
  showRequests: {
    type: "boolean",
    description: "True if a preview shows the requests that `pulumi up` will send. Left out: false.",
  },
} as const;
