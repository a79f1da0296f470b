import { World } from "../support/world";

// The cases of these files once more, through the plugin for other languages: its calls carry secrets, and all else is to be the same.
World.door = "plugin";
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
  "twins",
  "updates",
  "whose-object",
])("by the plugin, %s:", (file) => {
  require(`./${file}.test`);
});
