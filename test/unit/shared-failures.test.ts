import { QoderTokenError } from "../../provider/api/errors";
import { SharedFailures } from "../../provider/resource/engine/shared-failures";

/** The CLI indents the message, and writes `error: ` before it. */
const widest = 100 - "    error: ".length;

const resource = (kind: string, name: string) => ({ kind, name, label: `${kind} "${name}" ("${name}-eu" at Qoder)` });
const long = "nightly-report-of-the-platform-team-in-frankfurt";

test.each([
  ["QoderDeployment", "a", "b", "failed"],
  ["QoderDeployment", "chore-1", "nightly-report-eu", "failed"],
  ["QoderVaultCredential", long, long, "perhaps done"],
  ["QoderVaultCredential", "a", long, "done in part"],
  ["QoderVaultCredential", long, "b", "failed"],
])("the line of a shared failure of %s fits in 100 columns: %s, then %s", (kind, first, name, outcome) => {
  const failures = new SharedFailures();
  const error = new QoderTokenError("there is no token", false);
  const redact = (text: string) => text;
  expect(failures.failed(error, "create", outcome, resource(kind, first), redact)).toBeUndefined();
  const line = failures.failed(error, "create", outcome, resource(kind, name), redact) ?? "";
  expect(line.length).toBeLessThanOrEqual(widest);
  expect(line).toMatch(
    new RegExp(`^${kind} "${name.slice(0, 8)}.*: create ${outcome}, as for .*"${first.slice(0, 6)}.*: no token$`),
  );
});
