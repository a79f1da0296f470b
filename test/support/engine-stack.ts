import type { EngineEvent, OutputMap, PreviewOptions, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { z } from "zod";
import { deployments } from "../../provider/kinds/table";

export interface Outcome {
  readonly output: string;
  readonly events: readonly EngineEvent[];
}

interface UpOptions {
  readonly refresh?: boolean;
  readonly target?: readonly string[];
  /** Called during the command with each message of its diagnostics. */
  readonly heard?: (message: string) => void;
}

/** The commands of one stack, and the contents of its state file. */
export class EngineStack {
  constructor(
    readonly automation: Stack,
    private readonly stateFile: () => string,
  ) {
    // Saves three runs of the CLI after each command, whose results most tests do not read.
    automation.info = async () => undefined;
    automation.outputs = async () => ({});
  }

  async preview(program: PulumiFn, options: PolicyPacks = {}): Promise<Outcome> {
    return this.#run((common) => this.automation.preview({ ...common, ...options, diff: true, program }));
  }

  /** Runs a preview, and rejects if it shows a change. */
  async previewNothing(program: PulumiFn): Promise<Outcome> {
    return this.#run((options) => this.automation.preview({ ...options, diff: true, expectNoChanges: true, program }));
  }

  async up(program: PulumiFn, { refresh, target, heard }: UpOptions = {}): Promise<Outcome> {
    const options = { ...(refresh === undefined ? {} : { refresh }), ...(target && { target: [...target] }) };
    return this.#run((common) => this.automation.up({ ...common, ...options, program }), heard);
  }

  /** The stack outputs of the last `up` as stored, with encrypted secrets. */
  outputs(): OutputMap {
    const { outputs = {} } = this.resources().find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
    return Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, { value, secret: secretSchema.safeParse(value).success }]),
    );
  }

  /** With a program, uses `--run-program`: then the present configuration counts, not that of the last `up`. */
  async refresh(options: { readonly previewOnly?: boolean; readonly program?: PulumiFn } = {}): Promise<Outcome> {
    if (options.program !== undefined) {
      this.automation.workspace.program = options.program;
    }
    const runProgram = options.program !== undefined;
    return this.#run((common) =>
      options.previewOnly
        ? this.automation.previewRefresh({ ...common, runProgram })
        : this.automation.refresh({ ...common, runProgram }),
    );
  }

  async destroy(): Promise<Outcome> {
    return this.#run((options) => this.automation.destroy(options));
  }

  /** The resources of the state as stored, with encrypted secrets. */
  resources(): readonly StoredResource[] {
    return checkpointSchema.parse(JSON.parse(this.stateFile())).checkpoint.latest?.resources ?? [];
  }

  deployment(): StoredResource {
    const found = this.resources().find(({ type }) => type === deployments.type);
    if (found === undefined) {
      throw new Error("the state holds no deployment");
    }
    return found;
  }

  async #run(
    command: (options: {
      color: "never";
      onOutput: (text: string) => void;
      onError: (text: string) => void;
      onEvent: (event: EngineEvent) => void;
    }) => Promise<unknown>,
    heard: UpOptions["heard"] = () => {},
  ): Promise<Outcome> {
    let output = "";
    const show = (text: string) => {
      output += text;
    };
    const events: EngineEvent[] = [];
    await command({
      color: "never",
      onOutput: show,
      // With `--diff` the CLI writes the messages of the provider here.
      onError: show,
      onEvent: (event) => {
        events.push(event);
        heard(event.diagnosticEvent?.message ?? "");
      },
    });
    return { output, events };
  }
}

type PolicyPacks = Pick<PreviewOptions, "policyPacks" | "policyPackConfigs">;

const resourceSchema = z.looseObject({
  type: z.string(),
  urn: z.string(),
  id: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
type StoredResource = Readonly<z.infer<typeof resourceSchema>>;
/** The mark of a secret (pulumi/pulumi sdk/go/common/resource/sig). */
const secretSchema = z.looseObject({
  "4dabf18193072939515e22adb298388d": z.literal("1b47061264138c4ac30d75fd1eb44270"),
});
/** The file of the back end. Reading it saves a run of the CLI. */
const checkpointSchema = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(resourceSchema).optional() }).optional() }),
});

/** The paths that the engine shows as changed in the deployments of a command, or in the deployment of this name. */
export function changedPaths({ events }: Outcome, name?: string): Record<string, string> {
  // A refresh knows the difference only after the read.
  const details = events.flatMap(({ resourcePreEvent, resOutputsEvent }) => {
    const { type, urn = "", op, detailedDiff } = (resourcePreEvent ?? resOutputsEvent)?.metadata ?? {};
    const isMeant = type === deployments.type && (name === undefined || urn.endsWith(`::${name}`));
    return isMeant && op !== "same" ? Object.entries(detailedDiff ?? {}) : [];
  });
  return Object.fromEntries(details.map(([path, { diffKind }]) => [path, diffKind]));
}

export function warnings({ events }: Outcome): [urn: string | undefined, text: string][] {
  return events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "warning" ? [[diagnosticEvent.urn, diagnosticEvent.message]] : [],
  );
}
