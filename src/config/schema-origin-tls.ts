import { isHostName } from './host-name.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { flag, text } from './scalars.ts';
import { block, key, optional } from './zod-schema.ts';

const SERVER_NAME: Kind<string> = {
  expected: 'a host name such as shop.example.com',
  json: { type: 'string', minLength: 1 },
  read: (value) =>
    typeof value === 'string' && isHostName(value.toLowerCase())
      ? right(value.toLowerCase())
      : wrong(mustBe('a host name such as shop.example.com', value)),
};

/** `services.NAME.tls`, and `tls` of an endpoint. */
export const UPSTREAM_TLS = block(
  'How https endpoints are connected to and verified; what an endpoint says lies over what its service says, key by key.',
  {
    ca: optional(text('the path of a PEM file'), "PEM file of authorities that are trusted beside the system's."),
    server_name: optional(SERVER_NAME, 'Name to ask for and verify; the host of the url when left out.'),
    verify_name: optional(SERVER_NAME, 'Name to verify, where that is another than the one that is asked for.'),
    cert: optional(
      text('the path of a PEM file'),
      'PEM file of the certificate chain that this edge shows when it is asked for one.',
    ),
    key: optional(text('the path of a PEM file'), 'PEM file of its private key.'),
    insecure: key(
      flag,
      false,
      'Whether nothing is verified: whoever answers is believed. Said in the log at each start, and in /status.',
    ),
  },
);
