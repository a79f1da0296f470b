import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { argumentFailures } from "../resource/check/check";
import { unreadable } from "../skill/digests";
import { frontMatterIn } from "../skill/front-matter";
import type { QoderAgentArgs } from "./arguments";
import { agentKind } from "./kind";

/** The arguments in the file. Throws the mistakes as the error of a program, each with the file and the line. */
export function agentArguments(path: string, programError: (text: string) => Error): QoderAgentArgs {
  const matter = frontMatterIn(bytesOf(path, programError), path, "model: ...");
  if ("problem" in matter) {
    throw programError(matter.problem);
  }
  const { names, body, value, place } = matter;
  const system = body.trim();
  if (names.includes("system") && system !== "") {
    throw programError(`${place("system")}: the file has a text, and system is given too; remove one of them`);
  }
  const values = names.map((name) => [name, value(name)] as const);
  const given = { ...Object.fromEntries(values), ...(system === "" ? {} : { system }) };
  // The name of the resource, which is not known here, is the default.
  const failures = argumentFailures(agentKind, { name: "agent", ...given });
  const isValid = (args: object): args is QoderAgentArgs => args === given && failures.length === 0;
  if (!isValid(given)) {
    throw programError(failures.map((failure) => `${place(...pathIn(failure))}: ${failure}`).join("\n"));
  }
  return given;
}

function bytesOf(path: string, programError: (text: string) => Error): Buffer {
  try {
    return readFileSync(resolve(path));
  } catch (error) {
    throw programError(`agentFile: ${unreadable(error)}`);
  }
}

/** The path with which a failure starts. */
function pathIn(failure: string): (string | number)[] {
  const [path = ""] = failure.split(": ");
  const members = path.split(/[.[\]]+/).filter((part) => part !== "");
  return members.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
