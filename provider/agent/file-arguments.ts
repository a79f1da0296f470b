import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { argumentFailures } from "../resource/check/check";
import { unreadable } from "../skill/digests";
import { frontMatterIn } from "../skill/front-matter";
import type { QoderAgentArgs } from "./arguments";
import { agentKind } from "./kind";

type Read = { readonly args: QoderAgentArgs } | { readonly problems: readonly string[] };

/** The arguments in the file, or its mistakes, each with the file and the line. */
export function agentArguments(path: string): Read {
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(path));
  } catch (error) {
    return { problems: [`agentFile: ${unreadable(error)}`] };
  }
  const matter = frontMatterIn(bytes, path, "model: ...");
  if ("problem" in matter) {
    return { problems: [matter.problem] };
  }
  const { names, body, value, place } = matter;
  const system = body.trim();
  if (names.includes("system") && system !== "") {
    return {
      problems: [`${place("system")}: system is given beside the text of the file; give one of the two`],
    };
  }
  const values = names.map((name) => [name, value(name)] as const);
  const given = { ...Object.fromEntries(values), ...(system === "" ? {} : { system }) };
  // The name of the resource, which is not known here, is the default.
  const failures = argumentFailures(agentKind, { name: "agent", ...given });
  const isValid = (args: object): args is QoderAgentArgs => args === given && failures.length === 0;
  return isValid(given) ? { args: given } : { problems: failures.map((failure) => `${placeOf(failure)}: ${failure}`) };

  function placeOf(failure: string): string {
    const [path = ""] = failure.split(": ");
    const members = path.split(/[.[\]]+/).filter((part) => part !== "");
    return place(...members.map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
  }
}
