// Prints what somebody must look at, from `pulumi-qoder status --stack --since 24h --series morning.next --strict --json`: each problem once, with the
// deployments that have it, and what is not as the program says. With a second file, it writes there the id of a deployment for each problem of a failed run.
// Usage: node ci/morning.mjs STATUS.json [FAILED.txt]
import { readFileSync, writeFileSync } from "node:fs";
import { harmless } from "./print.mjs";

const mostNames = 10;
const [statusFile, failedFile] = process.argv.slice(2);

/** The deployments by the text that they share, in the order of their first. */
function together(pairs) {
  const groups = new Map();
  for (const [text, deployment] of pairs) {
    groups.set(text, [...(groups.get(text) ?? []), deployment]);
  }
  return [...groups];
}

function namesOf(deployments) {
  const names = deployments.slice(0, mostNames).map(({ id, name }) => name ?? id);
  const left = deployments.length - names.length;
  return `${names.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function linesOf([text, deployments]) {
  return deployments.length === 1
    ? [`${namesOf(deployments)}: ${text}`]
    : [`${counted(deployments.length, "deployment")}: ${text}`, `  ${namesOf(deployments)}`];
}

function read() {
  try {
    return JSON.parse(readFileSync(statusFile, "utf8"));
  } catch {
    // The command could not ask; its errors are in the report.
    return [];
  }
}

const deployments = read();
const sum = (member) => deployments.reduce((total, { since }) => total + (since?.[member] ?? 0), 0);
const textsOf = (member) => together(deployments.flatMap((one) => one[member].map((text) => [text, one])));
const problems = textsOf("problems");
if (deployments.length > 0) {
  const [healthy, unchecked] = [true, null].map((health) => deployments.filter((one) => one.healthy === health).length);
  const credits = Math.round(sum("credits") * 100) / 100;
  const runs = `${counted(sum("runs"), "run")}, ${sum("done")} done, ${sum("failed")} failed, ${credits} credits`;
  const lines = [
    `${healthy} of ${deployments.length} healthy${unchecked > 0 ? `, ${unchecked} not checked` : ""}: ${runs}`,
    ...[...problems, ...textsOf("differences")].flatMap(linesOf),
  ];
  console.log(lines.map(harmless).join("\n"));
}
if (failedFile !== undefined) {
  const isFailed = (problem) => /^The (last run|deployment) (failed|did not)|^The budget/.test(problem);
  const first = problems.flatMap(([text, [{ id }]]) => (isFailed(text) ? [id] : []));
  // A name can be anything: several lines, or an option of the next command.
  writeFileSync(
    failedFile,
    first
      .filter((id) => /^dep_[\w-]+$/.test(id))
      .map((id) => `${id}\n`)
      .join(""),
  );
}
