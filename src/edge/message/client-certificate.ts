/** What a client has shown of itself in the TLS handshake, and a listener's `client_ca` has vouched for. */
export type ClientCertificate = {
  /** Its distinguished name, `CN=robot,O=Acme`: the most specific part first (RFC 4514). */
  readonly subject: string;
  /** SHA-256 of its bytes, in lower-case hexadecimal without colons. */
  readonly fingerprint: string;
  /** Its bytes (DER) in base64, and those of the certificates that came with it, the nearest issuer first. */
  readonly der: string;
  readonly chain: readonly string[];
};

/** The fields that tell an endpoint of it, names and values alternating: byte sequences of RFC 9651, as RFC 9440 has it. */
export function certificateFields({ der, chain }: ClientCertificate): readonly string[] {
  const own = ['Client-Cert', `:${der}:`];
  return chain.length === 0 ? own : [...own, 'Client-Cert-Chain', chain.map((one) => `:${one}:`).join(', ')];
}
