import type { FastifyInstance } from "fastify";
import { ApiError } from "./errors";
import type { Switches } from "./switches";
import type { JsonObject, ModelInfo } from "./wire";

const EFFORTS = ["low", "medium", "high", "xhigh", "max"];

/** "List models" shows the first model. The second one has neither a price nor efforts. */
function exampleModels(): ModelInfo[] {
  const shared = { type: "model", source: "system", is_enabled: true, is_new: false } as const;
  return [
    {
      ...shared,
      id: "ultimate",
      display_name: "Ultimate",
      price_factor: 1.6,
      efforts: EFFORTS,
      default_effort: "high",
      max_input_tokens: 1_000_000,
      default_context_window: 200_000,
      available_context_windows: [200_000, 400_000, 1_000_000],
    },
    { ...shared, id: "auto", display_name: "Auto" },
  ];
}

/** The models for agents. Tests change the list itself. */
export class Models {
  readonly all = exampleModels();

  constructor(private readonly switches: Switches) {}

  /** "List models" shows all enabled models in one page, whatever the query says. */
  list(): JsonObject {
    if (this.switches.modelCatalogue === "away") {
      throw new ApiError(503, "The model catalogue is not available.", undefined, {}, "api_error");
    }
    return { data: this.all.filter((model) => model.is_enabled), has_more: false };
  }

  find(id: string): ModelInfo | undefined {
    return this.all.find((model) => model.id === id && model.is_enabled);
  }
}

export function modelRoutes(app: FastifyInstance, models: Models): void {
  app.get("/models", () => models.list());
}
