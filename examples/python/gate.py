import pulumi
import pulumi_qoder as qoder

reviewer = qoder.Agent("reviewer", model="ultimate", system="You review changes.")
cloud = qoder.Environment("cloud", config={"type": "cloud"})
cases = {"typos": ("Review change 12", "The review names the two typos")}

gates: list[pulumi.Resource] = []
for name, (task, rubric) in cases.items():
    case = qoder.Deployment(
        f"case-{name}",
        agent={"id": reviewer.id, "version": reviewer.version},
        environment_id=cloud.id,
        initial_events=[
            {"type": "user.define_outcome", "description": task, "rubric": {"type": "text", "content": rubric}},
        ],
    )
    triggers = {"agent": reviewer.id, "version": reviewer.version.apply(str)}
    gates.append(
        qoder.DeploymentRun(
            f"gate-{name}", deployment_id=case.id, triggers=triggers, wait_for_result={"satisfied": True}
        )
    )

qoder.Deployment(
    "nightly-review",
    agent={"id": reviewer.id, "version": reviewer.version},
    environment_id=cloud.id,
    schedule={"expression": "0 3 * * *", "timezone": "Europe/Berlin"},
    initial_events="Review what was merged yesterday",
    opts=pulumi.ResourceOptions(depends_on=gates),
)
