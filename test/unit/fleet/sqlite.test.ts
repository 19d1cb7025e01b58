import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RecordFile } from '../../../src/fleet/sqlite.ts';
import { temporaryFolder } from '../../support/process.ts';

test('what was put is there when the file is opened again', () => {
  const path = join(temporaryFolder().path, 'fleet.sqlite');
  const before = new RecordFile(path);
  before.put('b', '1');
  before.put('a', '2');
  before.put('b', '3');
  before.close();
  const after = new RecordFile(path);
  expect(after.all()).toEqual([
    ['a', '2'],
    ['b', '3'],
  ]);
  after.close();
});

test('a file that is no database, and a folder that is not there, are errors that say what to do', () => {
  const folder = temporaryFolder();
  const file = folder.write('text', 'this is no database at all, and long enough to be sure of it'.repeat(20));
  expect(() => new RecordFile(file)).toThrow(
    `${file} cannot hold the fleet's records: file is not a database; move it away to begin with none`,
  );
  expect(() => new RecordFile(join(folder.path, 'none', 'x'))).toThrow(/unable to open database file/);
});
