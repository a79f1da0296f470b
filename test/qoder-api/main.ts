import { streamsOf } from "../../command/printer";
import { runStandIn } from "../../command/stand-in/main";
import { startStandIn } from "./stand-in";

// `npm run qoder-api`: `npx pulumi-qoder stand-in` of a clone, without the package of the stand-in.
runStandIn(process.argv.slice(2), streamsOf(process), { start: startStandIn }).then((status) => {
  process.exitCode = status;
});
