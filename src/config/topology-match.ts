/** What is asked of a text: that it is this one, that it begins so, that it is there at all, or that it is not. */
export type TextTest =
  | { readonly is: 'exact'; readonly text: string }
  | { readonly is: 'prefix'; readonly text: string }
  | { readonly is: 'present' }
  | { readonly is: 'absent' };

/** What is asked of a header field, by its name in lower case, or of a parameter of the query. */
export type NamedTest = { readonly name: string; readonly test: TextTest };

/** What is asked of the certificate that a client has shown: that there is one or none, or which one. */
export type CertificateTest = {
  readonly shown: boolean;
  readonly subject: TextTest | undefined;
  /** SHA-256 in lower-case hexadecimal; empty: any. */
  readonly fingerprints: readonly string[];
};

/** What is asked of a request beside its host and path; all that is not empty must hold. */
export type MatchConditions = {
  /** The key of a value of the fleet that must be on; undefined: none. */
  readonly flag: string | undefined;
  readonly certificate: CertificateTest | undefined;
  readonly cidrs: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly NamedTest[];
  readonly query: readonly NamedTest[];
};

/**
 * Which requests are a service's: those of one of the hosts (none: every host), whose path is one of `paths` or under one of `prefixes`, and
 * for which the conditions hold. `*.example.com` stands for one or more labels.
 */
export type MatchRule = {
  readonly hosts: readonly string[];
  readonly prefixes: readonly string[];
  readonly paths: readonly string[];
  /** Undefined: nothing else is asked. */
  readonly conditions: MatchConditions | undefined;
};

/** The flags that rules of services ask for, once for each rule that does. */
export function flagsOfRules(services: readonly { readonly match: readonly MatchRule[] }[]): readonly string[] {
  return services.flatMap(({ match }) => match.flatMap(({ conditions }) => conditions?.flag ?? []));
}
