import { formatPath } from "./problems";

/** What the SDK writes where an Output is turned into text (@pulumi/pulumi output.js): the program goes on with it. */
const trace = /Calling \[to(String|JSON)\] on an \[Output<T>\] is not supported/;

/** Names every text, at any depth and among the keys, that holds what became of an Output instead of its value. */
export function stringifiedOutputs(value: unknown, path: readonly PropertyKey[] = []): string[] {
  if (typeof value === "string") {
    const remedy = remedyFor(value);
    return remedy === undefined ? [] : [`${formatPath(path)}: ${remedy}`];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => stringifiedOutputs(element, [...path, index]));
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, member], index) => {
        const remedy = remedyFor(key);
        return remedy === undefined
          ? stringifiedOutputs(member, [...path, key])
          : [`${placeOfKey(path, index)} ${remedy}`];
      })
    : [];
}

export function isStringifiedOutput(value: unknown): boolean {
  return typeof value === "string" && trace.test(value);
}

function remedyFor(text: string): string | undefined {
  const [, kind] = trace.exec(text) ?? [];
  if (kind === undefined) {
    return undefined;
  }
  const writing = kind === "JSON" ? "pulumi.jsonStringify(...)" : "pulumi.interpolate`...`";
  return `holds an Output that became text, not its value; write ${writing} or output.apply((value) => ...)`;
}

// The key itself is several lines of text.
function placeOfKey(path: readonly PropertyKey[], index: number): string {
  return path.length === 0
    ? `the argument at place ${index + 1}`
    : `${formatPath(path)}: the key at place ${index + 1}`;
}
