import { ListedFields, Peer, type RequestHead } from '../../src/edge/message/request-head.ts';

/** A GET of / from 203.0.113.9, with what differs. */
export function headOf(more: Partial<RequestHead> = {}): RequestHead {
  return {
    method: 'GET',
    target: '/',
    host: 'shop.example.com',
    headers: [],
    peer: new Peer(),
    fields: new ListedFields(more.headers ?? []),
    version: '1.1',
    protocol: 'http',
    peerAddress: '203.0.113.9',
    hasBody: false,
    ...more,
  };
}
