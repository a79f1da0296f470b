import { z } from "zod";
import type { CommonOutputs } from "./common-outputs";
import type { BaseReply, OutputRows } from "./outputs";

/** What most kinds answer with. */
export interface CommonReply extends BaseReply {
  readonly updated_at?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

const text = z.string();

export const commonOutputRows: OutputRows<CommonOutputs> = {
  archivedAt: { recorded: text, read: (reply) => reply.archived_at },
  createdAt: { recorded: text, read: (reply) => reply.created_at },
  updatedAt: { recorded: text, read: (reply: CommonReply) => reply.updated_at },
  effectiveMetadata: {
    recorded: z.record(text, z.unknown()),
    read: ({ metadata }: CommonReply) => (metadata === null ? {} : metadata),
  },
};
