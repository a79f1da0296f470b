import pulumi
import pulumi_qoder as qoder

review = qoder.Skill("review", source="skills/review")

worker = qoder.Agent(
    "worker",
    model="ultimate",
    system="You look after the repositories of a company.",
    tools=[
        qoder.AgentToolArgs(type="agent_toolset_20260401"),
        qoder.AgentToolArgs(type="mcp_toolset", mcp_server_name="tracker"),
    ],
    mcp_servers=[qoder.AgentMcpServerArgs(name="tracker", url="https://mcp.example.com/tracker")],
    # With its version: a changed file of the skill moves the agent, and the agent its deployments, in one `pulumi up`.
    skills=[qoder.AgentSkillArgs(type="custom", skill_id=review.id, version=review.latest_version)],
)

cloud = qoder.Environment(
    "cloud",
    config=qoder.EnvironmentConfigArgs(
        type="cloud",
        networking=qoder.EnvironmentNetworkingArgs(type="limited", allow_mcp_servers=True),
    ),
)

tracker = qoder.Vault("tracker")
access = qoder.VaultCredential(
    "tracker-access",
    vault_id=tracker.id,
    auth=qoder.VaultCredentialAuthArgs(
        type="static_bearer",
        mcp_server_url="https://mcp.example.com/tracker",
        token=pulumi.Config().require_secret("trackerToken"),
    ),
)

jobs = {
    "triage-issues": ("7 * * * *", "Label the issues that came in during the last hour"),
    "review-changes": ("12 6 * * 1-5", "Review what was merged since yesterday"),
    "report-costs": ("41 5 * * 1", "Report what the runners cost last week"),
    "clean-branches": ("23 4 * * *", "Delete the branches that were merged"),
    "review-dependencies": ("55 3 * * 1", "List the dependencies that are behind"),
}
for name, (expression, task) in jobs.items():
    qoder.Deployment(
        name,
        agent=qoder.DeploymentAgentReferenceArgs(id=worker.id, version=worker.version),
        environment_id=cloud.id,
        vault_ids=[tracker.id],
        metadata={"fleet": "repositories"},
        schedule=qoder.DeploymentScheduleArgs(expression=expression, timezone="UTC"),
        initial_events=task,
        # A deployment names the vault and not what is in it: no run starts before the credential is there.
        opts=pulumi.ResourceOptions(depends_on=[access]),
    )

pulumi.export("version", worker.version)
