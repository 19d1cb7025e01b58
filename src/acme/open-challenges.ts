import type { Challenges } from '../table/challenges.ts';
import type { Proof } from './order.ts';
import { proofCertificate } from './proof-certificate.ts';

export type OpenChallengesDeps = {
  /** Tells every thread what is open now; undefined: nothing. */
  readonly publish: (challenges: Challenges | undefined) => void;
  readonly wallMs: () => number;
};

/** More than an edge orders at once, or all edges of a fleet do. */
export const OPEN_MAX = 256;

type Open = { readonly proof: Proof; readonly certificate: ReturnType<typeof proofCertificate> | undefined };

/** The challenges that this edge answers now: for orders of its own, and for those of other edges. */
export class OpenChallenges {
  readonly #deps: OpenChallengesDeps;
  readonly #open = new Set<Open>();

  constructor(deps: OpenChallengesDeps) {
    this.#deps = deps;
  }

  /** Answers a challenge until the function that it returns is called. */
  answer(proof: Proof): () => void {
    const { type, domain, keyAuthorization } = proof;
    const isTls = type === 'tls-alpn-01';
    const certificate = isTls ? proofCertificate(domain, keyAuthorization, this.#deps.wallMs()) : undefined;
    const one = { proof, certificate };
    const [oldest] = this.#open;
    if (this.#open.size >= OPEN_MAX && oldest !== undefined) this.#open.delete(oldest);
    this.#open.add(one);
    this.#publish();
    return () => {
      if (this.#open.delete(one)) this.#publish();
    };
  }

  #publish(): void {
    const tokens = new Map<string, string>();
    const certificates = new Map<string, { readonly cert: string; readonly key: string }>();
    for (const { proof, certificate } of this.#open) {
      if (certificate === undefined) tokens.set(proof.token, proof.keyAuthorization);
      else certificates.set(proof.domain, certificate);
    }
    this.#deps.publish(this.#open.size === 0 ? undefined : { tokens, certificates });
  }
}
