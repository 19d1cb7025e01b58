/**
 * What went wrong with an authority. `away`: it cannot be reached, or does not work, and nothing that is ordered there has a chance. `limited`: it
 * has asked for fewer requests. `refused`: it says that this order is not to be. `wrong`: what it says or issued is not what was asked for.
 */
export type AuthorityTrouble = 'away' | 'limited' | 'refused' | 'wrong';

/** Rejections of everything that asks an authority; the message is for people. */
export class AuthorityError extends Error {
  readonly trouble: AuthorityTrouble;
  /** The last part of the type of its problem document (RFC 8555 §6.7); empty when there is none. */
  readonly type: string;
  /** It is not to be asked before so long; 0 when it did not say. */
  readonly retryAfterMs: number;

  constructor(
    trouble: AuthorityTrouble,
    message: string,
    more: { readonly type?: string; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'AuthorityError';
    this.trouble = trouble;
    this.type = more.type ?? '';
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }
}
