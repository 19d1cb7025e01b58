import type { EndpointUrl, SendProxy, UpstreamProtocol } from '../config/topology-endpoint.ts';
import type { CertificatePair } from '../edge/upstream/secure-contexts.ts';
import type { LoadReport } from '../routing/load-report.ts';
import type { Address } from '../table/addresses.ts';

/** What a check asks of an endpoint, and what it calls good. Two targets with the same text are the same. */
export type CheckTarget = {
  readonly url: EndpointUrl;
  /** What is spoken with it. */
  readonly protocol: UpstreamProtocol;
  /** The gRPC service whose health is asked for, empty for the server as a whole; undefined: a GET of `path`. */
  readonly grpc: string | undefined;
  /** The target of the GET as it stands; an endpoint's `basePath` is not put before it. */
  readonly path: string;
  /** The `Host` to send; the endpoint's own host and port when undefined. */
  readonly host: string | undefined;
  /** For the whole check: connecting, TLS, the first byte, the end of the body. */
  readonly timeoutMs: number;
  /** For one address; another is tried after it. */
  readonly connectMs: number;
  /** An idle connection is kept this long, so that the next check finds it established. */
  readonly keepAliveMs: number;
  readonly expect: readonly (readonly [number, number])[];
  /** PEM text of authorities to trust besides the usual ones. */
  readonly ca: string | undefined;
  /** What is shown to an endpoint that asks. */
  readonly shown: CertificatePair | undefined;
  /** The name to ask for and to verify; the endpoint's host when undefined. */
  readonly serverName: string | undefined;
  /** The name to verify, where that is another. */
  readonly verifyName: string | undefined;
  /** Nothing is verified. */
  readonly insecure: boolean;
  /** The version of the PROXY header that its connection begins with. */
  readonly sendProxy?: SendProxy | undefined;
};

export type CheckResult = {
  /** A whole answer came in time and its status was expected. */
  readonly reachable: boolean;
  /** From sending the request on an established connection to its first byte; undefined without an answer. */
  readonly latencyMs: number | undefined;
  /** TCP and TLS of the connection, when one had to be made; undefined when there was one already, or none could be made. */
  readonly connectMs: number | undefined;
  /** TCP's handshake alone, which the endpoint's kernel answers however busy the endpoint is; undefined when none was made. */
  readonly handshakeMs?: number | undefined;
  readonly status: number | undefined;
  /** In a few words, when it was not reachable. */
  readonly error: string | undefined;
  /** What the answer says of the endpoint's load, where it says anything. */
  readonly load?: LoadReport;
  /** What this machine had run out of, when that is why: the check says nothing about the endpoint. */
  readonly shortage?: string;
};

/** Checks one endpoint, one check at a time. */
export type Prober = {
  /**
   * One check. `addresses` are tried in turn; with none, the host of the target is. Never rejects, and ends within the
   * target's `timeoutMs` whatever hangs. `anew`: over a new connection, though that of the last check is there.
   */
  readonly check: (addresses: readonly Address[], anew?: boolean) => Promise<CheckResult>;
  /** Closes the connection; a check that is under way ends at once, as not reachable. */
  readonly close: () => void;
};

export type OpenProber = (target: CheckTarget) => Prober;
