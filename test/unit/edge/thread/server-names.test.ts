import { expect, test } from 'vitest';
import { ServerNames } from '../../../../src/edge/thread/server-names.ts';

const rsa = (...names: string[]) => ({ names, keyType: 'rsa' });
const ec = (...names: string[]) => ({ names, keyType: 'ec' });

const ALL = [
  rsa('example.com'),
  rsa('shop.example.com', 'www.example.com'),
  ec('shop.example.com'),
  ec('*.example.com', '*.example.org'),
  rsa('*.example.com'),
  ec('*.example.com'),
];

test.each([
  ['example.com', [0]],
  ['shop.example.com', [1, 2]],
  ['www.example.com', [1]],
  ['any.example.com', [3, 4]],
  ['any.example.org', [3]],
  ['two.labels.example.com', undefined],
  ['.example.com', undefined],
  ['example.org', undefined],
  ['com', undefined],
  ['', undefined],
  ['*.example.com', [3, 4]],
  ['constructor', undefined],
])('%s is shown %j', (name, places) => {
  expect(new ServerNames(ALL).of(name)).toEqual(places);
});

test.each([
  [[rsa('a')], [0]],
  [
    [rsa('a'), ec('a')],
    [0, 1],
  ],
  [[rsa('a'), ec('b')], [0]],
  [
    [ec('a'), rsa('b'), rsa('b', 'a'), rsa('a')],
    [0, 2],
  ],
  [[rsa('a'), rsa('a')], [0]],
])('of %j, whoever asks for none is shown %j', (certificates, places) => {
  expect(new ServerNames(certificates).fallback).toEqual(places);
});
