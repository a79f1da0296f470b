// The archive for `pulumi plugin install` has one file with the whole plugin in place of this one.
require("../dist/plugin-server.js");
