/** What is in one file, taken apart. Undefined when it holds no key or no certificate. */
export function partsOf(pem: string): { readonly key: string; readonly chain: string } | undefined {
  const key = /-----BEGIN ((?:EC |RSA )?PRIVATE KEY)-----[^-]*-----END \1-----/.exec(pem)?.[0];
  const chain = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)?.join('\n');
  return key === undefined || chain === undefined ? undefined : { key, chain };
}
