// In the archive for `pulumi plugin install`, one file with all that the plugin needs stands in the place of this one.
require("../dist/plugin-server.js");
