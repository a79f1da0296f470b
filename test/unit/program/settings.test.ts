import * as pulumi from "@pulumi/pulumi";
import { requireSettings } from "../../../provider";
import { mockEngine } from "../../support/registrations";

beforeEach(() => {
  mockEngine();
  pulumi.runtime.setAllConfig({});
});

test("one error lists all settings that are missing, with the commands that set them", () => {
  pulumi.runtime.setAllConfig({ "project:commit": "4f2a", "project:empty": "" });
  const [plain, secret] = [
    ["commit", "empty", "environmentId", "aws:region"],
    ["trackerToken", "githubToken"],
  ];
  const lines = [
    "The stack dev lacks 4 settings:",
    ...["environmentId VALUE", "aws:region VALUE"].map((words) => `  pulumi config set ${words}`),
    ...["trackerToken", "githubToken"].map((name) => `  pulumi config set --secret ${name}`),
  ];
  expect(() => requireSettings({ plain, secret })).toThrow(new pulumi.RunError(lines.join("\n")));
});

test("one missing setting is one line, and a stack with every setting passes", () => {
  expect(() => requireSettings({ secret: ["trackerToken"] })).toThrow(
    "The stack dev lacks a setting:\n  pulumi config set --secret trackerToken",
  );
  pulumi.runtime.setAllConfig({ "project:trackerToken": "mcp-1", "aws:region": "eu-central-1" }, [
    "project:trackerToken",
  ]);
  expect(() => requireSettings({ plain: ["aws:region"], secret: ["trackerToken"] })).not.toThrow();
  expect(() => requireSettings({})).not.toThrow();
});
