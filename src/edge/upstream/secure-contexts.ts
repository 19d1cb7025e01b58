import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** Contexts kept; more different ones than this have theirs parsed again. */
export const CONTEXTS_MAX = 256;

/** PEM texts of a certificate chain, leaf first, and its key. */
export type CertificatePair = { readonly cert: string; readonly key: string };

/**
 * Whom connections to endpoints trust, for traffic and for health checks alike: the authorities that the runtime trusts (its own
 * list and those of `NODE_EXTRA_CA_CERTS`), and besides them those of `tls.ca`, which adds and never replaces. And what they
 * show of themselves to endpoints that ask.
 *
 * Parsing them takes milliseconds in which a thread does nothing else, so there is one context for each set of them,
 * which every connection shares.
 */
export class SecureContexts {
  readonly #contexts = new Map<string, SecureContext>();

  /** `ca` is PEM text. Throws when it cannot be read: a context would pass over it in silence. */
  of(ca = '', shown?: CertificatePair): SecureContext {
    const key = shown === undefined ? ca : `${ca}\n${shown.cert}\n${shown.key}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const context = createSecureContext({ ...trusting(ca), ...shown });
    if (this.#contexts.size >= CONTEXTS_MAX) this.#contexts.clear();
    this.#contexts.set(key, context);
    return context;
  }
}

function trusting(ca: string): { readonly ca?: string[] } {
  if (ca === '') return {};
  void new X509Certificate(ca);
  return { ca: [...getCACertificates('default'), ca] };
}
