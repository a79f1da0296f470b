/** What a deployment is called in the program that takes it over. */
export interface Names {
  /** The Pulumi resource name: the last part of the URN, and the name that people see in a preview. */
  readonly resource: string;
  /** The constant that holds the resource. */
  readonly identifier: string;
}

interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

/** Readable names, unique among these deployments; in the order given, where an earlier one keeps its name unnumbered. */
export function namesOf(deployments: readonly Named[]): Names[] {
  const resources = new Set<string>();
  const identifiers = new Set<string>();
  const claim = (deployment: Named): readonly [Named, Names] => {
    const resource = free(resourceName(deployment), "-", resources);
    return [deployment, { resource, identifier: free(identifier(resource), "", identifiers) }];
  };
  // A name that can stay as it is goes before those that only become the same when they are made readable.
  const kept = deployments.filter(isKept);
  const made = deployments.filter((deployment) => !isKept(deployment));
  const names = new Map([...kept, ...made].map(claim));
  return deployments.flatMap((deployment) => names.get(deployment) ?? []);
}

const longest = 64;

function isKept({ name }: Named): boolean {
  return name !== undefined && name.length <= longest && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
}

function resourceName(deployment: Named): string {
  const { id, name = "" } = deployment;
  if (isKept(deployment)) {
    return name;
  }
  const words = name
    .normalize("NFKD")
    .replace(/[\p{M}'’]/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const readable = words?.join("-").slice(0, longest).replace(/-$/, "") ?? "";
  return /[a-z]/.test(readable) ? readable : `deployment-${id.replace(/[^A-Za-z0-9]/g, "").slice(-8)}`;
}

function free(wanted: string, joint: string, taken: Set<string>): string {
  let candidate = wanted;
  for (let number = 2; taken.has(candidate); number += 1) {
    candidate = `${wanted}${joint}${number}`;
  }
  taken.add(candidate);
  return candidate;
}

function identifier(resource: string): string {
  const [first = "", ...others] = resource.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const start = first === first.toUpperCase() ? first.toLowerCase() : lowerFirst(first);
  const camelCase = [start, ...others.map(upperFirst)].join("");
  if (/^[0-9]/.test(camelCase)) {
    return `deployment${camelCase}`;
  }
  return reserved.has(camelCase) ? `${camelCase}Deployment` : camelCase;
}

function lowerFirst(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** What no constant of a module may be called (ECMAScript 12.7.2, TS2397, CommonJS), and what the comments in the program use. */
const reserved = new Set(
  [
    "await break case catch class const continue debugger default delete do else enum export extends false finally for",
    "function if import in instanceof new null return super switch this throw true try typeof var void while with yield",
    "let static implements interface package private protected public arguments eval",
    "undefined globalThis exports module require",
    "pulumi config",
  ].flatMap((line) => line.split(" ")),
);
