import { authorityOf } from '../../config/authority.ts';
import type { Endpoint } from '../../config/topology.ts';
import { upstreamRequestHeaders } from '../message/headers.ts';
import { linesOf } from '../message/lines.ts';
import { expectsBody, headerOf, type RequestHead } from '../message/request-head.ts';
import type { Exchange } from '../request/exchange.ts';

/** The head of the request to an endpoint, one character a byte. */
export function requestText(exchange: Exchange, endpoint: Endpoint): string {
  const headers = upstreamRequestHeaders(exchange.head, exchange, authorityOf(endpoint.url));
  const { head } = exchange;
  const requestLine = `${head.method} ${endpoint.url.basePath}${head.target} HTTP/1.1\r\n`;
  const text = `${requestLine}${linesOf(headers)}${framingLine(head)}${askingLines(head)}\r\n`;
  const { rules } = exchange.state;
  return rules === undefined ? text : rules.request(text, exchange, endpoint);
}

/** Said where the client's own length is none that goes on. */
function framingLine({ method, headers, hasBody }: RequestHead): string {
  if (hasBody) return headerOf(headers, 'transfer-encoding') === undefined ? '' : 'Transfer-Encoding: chunked\r\n';
  return expectsBody(method) && headerOf(headers, 'content-length') === undefined ? 'Content-Length: 0\r\n' : '';
}

/** What is asked of the endpoint before the body, or instead of an answer. */
function askingLines({ upgrade, expectsContinue }: RequestHead): string {
  if (upgrade !== undefined) return `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`;
  return expectsContinue === true ? 'Expect: 100-continue\r\n' : '';
}
