import { emptyCollections, type MoreRoutes } from "./collections";
import { type Consoles, consolesOf } from "./consoles";
import type { RecordedRequest } from "./exchange";
import type { After, Fault } from "./faults";
import { Latitude } from "./latitude";
import type { Owner } from "./managed-objects";
import { Server } from "./server";
import { makeIds, type Service } from "./service";
import { defaultSwitches, type Switches } from "./switches";

export type { Fault } from "./faults";
export type { Switches } from "./switches";

export interface QoderApiOptions {
  /** The port on 127.0.0.1; 0, the default, means any free port. */
  port?: number;
  /** The account names by bearer tokens. Objects of one account answer 404 to all others. */
  tokens?: Record<string, string>;
  clock?: () => Date;
  /** How faults that delay an answer wait; the system's timers if left out. */
  after?: After;
  /** The seed of the ids, for repeatable ids. */
  seed?: number;
  switches?: Partial<Switches>;
  /** The seed of the freedoms that the service uses; none if left out. */
  latitude?: number | undefined;
  /** Further kinds of objects, which the API does not have, for tests of behaviour that all kinds share. */
  moreRoutes?: readonly MoreRoutes[];
  /** Called for each request after its answer, or after its connection was cut. */
  onAnswered?: (record: RecordedRequest, tookMs: number) => void;
}

export interface QoderApi extends Consoles {
  /** The base URL for clients. */
  readonly url: string;
  /** The host that exchanges the keys of service accounts for tokens. */
  readonly exchangeHost: string;
  /** Every request in the order of arrival. */
  readonly requests: RecordedRequest[];
  clearRequests(): void;
  readonly switches: Switches;
  readonly latitude: Latitude;
  /** Queues a fault. A request meets the first fault that matches it. */
  fault(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

export async function startQoderApi(options: QoderApiOptions = {}): Promise<QoderApi> {
  const { tokens = { "pt-test": "default" }, clock = () => new Date() } = options;
  const switches = { ...defaultSwitches(), ...options.switches };
  const latitude = new Latitude(options.latitude);
  const service: Service = { clock, makeId: makeIds(clock, latitude, options.seed), switches, latitude };
  const collections = emptyCollections(service);
  const server = new Server(service, tokens, collections, options);
  const ownerOf = (account = Object.values(tokens)[0] ?? "default", workspace = ""): Owner => ({ account, workspace });
  const url = await server.listen(options.port ?? 0);
  return {
    url,
    exchangeHost: new URL(url).origin,
    requests: server.requests,
    clearRequests: () => {
      server.requests.length = 0;
    },
    switches,
    latitude,
    ...consolesOf(collections, service, ownerOf),
    fault: (fault) => server.faults.add(fault),
    clearFaults: () => server.faults.clear(),
    close: () => server.close(),
  };
}
