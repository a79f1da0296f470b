import { useDoorInFile } from "../support/door";

// The two files in which the calls of the plugin differ: they carry secrets as such, and a diff orders a replacement. two-doors.test.ts compares all
// requests and texts of both doors, for every argument of every kind.
useDoorInFile("plugin");
describe.each(["replacement-order", "secrets"])("through the plugin, %s:", (file) => {
  require(`./${file}.test`);
});
