import type { AcmeSettings } from '../config/topology-acme.ts';
import type { Authority } from './authority.ts';
import { AuthorityError } from './authority-error.ts';
import { boundAccount, type Jwk } from './jws.ts';

/** What an edge is to an authority. */
export type Account = {
  /** PEM text of its private key, P-256. */
  readonly key: string;
  /** Its name at the authority; empty before there is one. */
  readonly url: string;
  /** What the authority was told; empty for nothing. */
  readonly email: string;
};

type Settings = Pick<AcmeSettings, 'email' | 'externalAccount'>;

/**
 * Makes the account known to the authority (RFC 8555 §7.3), unless it is. A key that it knows already finds its account, so that asking twice
 * makes no second one.
 */
export async function signedIn(
  authority: Pick<Authority, 'directory' | 'post'>,
  { email = '', externalAccount }: Settings,
  { account, jwk }: { readonly account: Account; readonly jwk: Jwk },
): Promise<Account> {
  const contact = email === '' ? [] : [`mailto:${email}`];
  if (account.url !== '') {
    if (account.email === email) return account;
    await authority.post(account.url, { contact }, account.url);
    return { ...account, email };
  }
  const { newAccount } = await authority.directory();
  const bound = externalAccount && { externalAccountBinding: boundAccount(externalAccount, jwk, newAccount) };
  const payload = { termsOfServiceAgreed: true, ...(contact.length === 0 ? {} : { contact }), ...bound };
  const { location, value } = await authority.post(newAccount, payload, undefined);
  if (location === undefined) throw new AuthorityError('wrong', 'the authority does not say where the account is');
  if (value['status'] !== undefined && value['status'] !== 'valid') {
    throw new AuthorityError('refused', `the account ${location} is ${JSON.stringify(value['status'])}`);
  }
  return { ...account, url: location, email };
}
