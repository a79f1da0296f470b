import type { EvaluationCaseArgs } from "pulumi-qoder";

/** The cases by their names: a change for the agent to review, and what the grader looks for. */
export const cases: Record<string, EvaluationCaseArgs> = {
  "off-by-one": {
    input: "Review: for (let i = 0; i <= rows.length; i++)",
    rubric: "Says that the loop ends one row too late",
  },
  "missing-await": { input: "Review: save(order); return 201", rubric: "Says that nobody waits for save" },
  "sql-injection": {
    input: 'Review: db.query("... WHERE id = " + id)',
    rubric: "Names the injection and a parameter as the remedy",
  },
  "secret-in-log": { input: "Review: log.info(token)", rubric: "Says that the log shows the token" },
  "lost-error": { input: "Review: try { send() } catch {}", rubric: "Says that the error is lost" },
  "time-zone": {
    input: "Review: new Date(2026, 2, 29)",
    rubric: "Says that the result depends on the time zone of the machine",
  },
  "wrong-equality": { input: 'Review: if (count == "0")', rubric: "Asks for a comparison of numbers" },
  "dead-code": { input: "Review: return total; total += tax", rubric: "Says that the second statement never runs" },
  "rounded-money": { input: "Review: const price = 0.1 + 0.2", rubric: "Warns of binary fractions for money" },
  "nothing-wrong": { input: "Review: const names = users.map((user) => user.name)", rubric: "Finds no mistake" },
};
