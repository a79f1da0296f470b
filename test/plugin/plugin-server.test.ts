import { useDoorInFile } from "../support/door";

// These files once more through the plugin for other languages: its calls carry secrets, and behave the same otherwise.
useDoorInFile("plugin");
describe.each([
  "adoption",
  "bounds",
  "clearing",
  "conflicts",
  "drift",
  "ignored-updates",
  "interrupted-create",
  "lifecycle",
  "messages",
  "no-op",
  "not-found",
  "open-writes",
  "read",
  "replacement-order",
  "replays",
  "secrets",
  "status",
  "update",
  "whose-object",
])("through the plugin, %s:", (file) => {
  require(`./${file}.test`);
});
