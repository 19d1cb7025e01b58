import { expect, test } from 'vitest';
import { interimText } from '../../../../src/edge/message/interim.ts';

test('an interim answer goes on with all that is not about the endpoint’s connection', () => {
  const raw = [
    'Link',
    '</a>',
    'Connection',
    'X-Mine',
    'X-Mine',
    '1',
    'Content-Length',
    '0',
    'X-Kept',
    '2',
    'link',
    '</b>',
  ];
  expect(interimText(103, 'Early Hints', raw)).toBe(
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-Kept: 2\r\nlink: </b>\r\n\r\n',
  );
  expect(interimText(104, 'Upload Resumption Supported', [])).toBe('HTTP/1.1 104 Upload Resumption Supported\r\n\r\n');
});
