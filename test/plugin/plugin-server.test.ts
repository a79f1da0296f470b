import { useDoorInFile } from "../support/door";

// These files once more through the plugin for other languages: its calls carry secrets, and behave the same otherwise.
useDoorInFile("plugin");
describe.each([
  "adopt",
  "bounds",
  "clearing",
  "conflicts",
  "drift",
  "gone",
  "ignored-updates",
  "interrupted-create",
  "lifecycle",
  "messages",
  "no-op",
  "open-writes",
  "pause",
  "refresh",
  "replays",
  "replacement-order",
  "secrets",
  "updates",
  "whose-object",
])("through the plugin, %s:", (file) => {
  require(`./${file}.test`);
});
