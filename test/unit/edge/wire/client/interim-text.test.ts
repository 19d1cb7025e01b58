import { expect, test } from 'vitest';
import { interimText } from '../../../../../src/edge/wire/client/interim-text.ts';
import { parseResponse, ResponseHead } from '../../../../../src/edge/wire/grammar/response-head.ts';

test('hints and a 100 go on, other interim answers do not', () => {
  const bytes = Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX: y\r\nLink: </b>\r\n\r\n');
  parseResponse(bytes, 0, bytes.length, new ResponseHead());
  expect(interimText(103, bytes)).toBe('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n');
  expect(interimText(100, bytes)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  expect(interimText(102, bytes)).toBe('');
});
