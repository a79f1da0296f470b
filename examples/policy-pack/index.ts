import { PolicyPack } from "@pulumi/policy";
import { budgetRequired, leastInterval, noApproval } from "./policies";

new PolicyPack("qoder-unattended-runs", {
  enforcementLevel: "mandatory",
  policies: [leastInterval, budgetRequired, noApproval],
});
