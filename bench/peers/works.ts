import { BODY_BYTES } from './scene.ts';

/** A kind of request that every proxy is measured with. */
export type Work = {
  readonly name: string;
  readonly path: string;
  /** Bytes of the body of a POST; a GET without. */
  readonly postBytes?: number;
  readonly tls: boolean;
  /** By HTTP/2, with several requests of a connection under way at once. */
  readonly http2?: boolean;
};

export const WORKS: readonly Work[] = [
  { name: 'GET 100 B', path: `/bytes/${BODY_BYTES.small}`, tls: false },
  { name: 'GET 10 KiB', path: `/bytes/${BODY_BYTES.page}`, tls: false },
  { name: 'GET 1 MiB', path: `/bytes/${BODY_BYTES.large}`, tls: false },
  { name: 'POST 1 KiB', path: '/', postBytes: BODY_BYTES.post, tls: false },
  { name: 'GET 100 B, TLS 1.3', path: `/bytes/${BODY_BYTES.small}`, tls: true },
  { name: 'GET 100 B, HTTP/2', path: `/bytes/${BODY_BYTES.small}`, tls: true, http2: true },
  { name: 'GET 10 KiB, HTTP/2', path: `/bytes/${BODY_BYTES.page}`, tls: true, http2: true },
];
