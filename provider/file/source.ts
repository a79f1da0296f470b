import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isComputed, type SourceRead } from "../program/inputs";
import { digestOf } from "../skill/digests";
import type { QoderFileArgs } from "./arguments";
import { contentProblem, largestBytes, tooLarge } from "./content";

interface Read {
  readonly digest: pulumi.Input<string | undefined>;
  /** Of the file that was read. */
  readonly name: string | undefined;
  readonly read: SourceRead;
}

/** What a program says of its content, from one of the two places. */
export function readSource({ source, content }: Pick<QoderFileArgs, "source" | "content">): Read {
  if (content != null && source != null) {
    return unread("source: is given beside content; give one of the two");
  }
  if (content != null) {
    return { digest: digestOfText(content), name: undefined, read: { path: "", problems: [], remarks: [] } };
  }
  if (typeof source !== "string" || source === "") {
    return unread(source == null || source === "" ? "source: is missing; or give content" : "source: is not a text");
  }
  const path = resolve(process.cwd(), source);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    return unread(`source: ${source} is no file in ${process.cwd()}`);
  }
  if (stats.size > largestBytes) {
    return unread(`source: ${source} ${tooLarge(stats.size)}`);
  }
  const bytes = readFileSync(path);
  const problem = contentProblem(bytes);
  return problem === undefined
    ? { digest: digestOf(bytes), name: basename(path), read: { path, problems: [], remarks: [] } }
    : unread(`source: ${source} ${problem}`);
}

function unread(problem: string): Read {
  return { digest: undefined, name: undefined, read: { path: "", problems: [problem], remarks: [] } };
}

/** What comes later has a digest that comes later; what is no text the check refuses. */
function digestOfText(content: unknown): pulumi.Input<string | undefined> {
  if (isComputed(content)) {
    return pulumi.all([content]).apply(([known]) => (typeof known === "string" ? digestOf(known) : undefined));
  }
  return typeof content === "string" ? digestOf(content) : undefined;
}
