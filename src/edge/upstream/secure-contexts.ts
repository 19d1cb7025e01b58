import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** Contexts kept; more different authorities than this have theirs parsed again. */
export const CONTEXTS_MAX = 256;

/**
 * Whom connections to endpoints trust, for traffic and for health checks alike: the authorities that the runtime trusts (its own
 * list and those of `NODE_EXTRA_CA_CERTS`), and besides them those of the service's `tls.ca`, which adds and never replaces.
 *
 * Parsing them takes milliseconds in which a thread does nothing else, so there is one context for each set of authorities,
 * which every connection shares.
 */
export class SecureContexts {
  readonly #contexts = new Map<string, SecureContext>();

  /** `ca` is PEM text. Throws when it cannot be read: a context would pass over it in silence. */
  of(ca = ''): SecureContext {
    const known = this.#contexts.get(ca);
    if (known !== undefined) return known;
    const context = ca === '' ? createSecureContext() : trusting(ca);
    if (this.#contexts.size >= CONTEXTS_MAX) this.#contexts.clear();
    this.#contexts.set(ca, context);
    return context;
  }
}

function trusting(ca: string): SecureContext {
  void new X509Certificate(ca);
  return createSecureContext({ ca: [...getCACertificates('default'), ca] });
}
