import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { commandOf, type RestoreRequest } from '../../../src/engine/restore';
import { allOptions } from '../../../src/cli/restore/options';
import { requestOf } from '../../../src/cli/restore/request';

describe('the command line of a restore', () => {
  const requests: RestoreRequest[] = [
    {
      artifact: '/a b/shop.dump',
      database: "it's",
      strategy: 'new',
      options: { jobs: '4', 'no-owner': true },
    },
    {
      ...{ artifact: '/shop.dump', database: 'shop', strategy: 'in-place', safety: 'dump', tolerant: true },
      options: { clean: false, 'exit-on-error': true },
      pick: { entries: [12, 'app.*'], existing: 'beside', dependencies: false, rows: false },
      rename: { schemas: { a: 'b c' }, owners: { x: 'y' }, tablespaces: { t: 'u' } },
      withoutExtensions: ['postgis'],
    },
    {
      artifact: '/shop.dump',
      database: 'shop',
      strategy: 'replace',
      endSessions: true,
      rehearse: true,
      ignoreRoom: true,
    },
  ];
  for (const [at, request] of requests.entries())
    it(`asks for the same (${at + 1})`, () => {
      const words = commandOf(request, 'my server').match(/'(?:[^']|'\\'')*'|\S+/g)!;
      // As a POSIX shell reads it back.
      const args = words.map((word) =>
        word.replaceAll(/'\\''/g, '\u0000').replaceAll("'", '').replaceAll('\u0000', "'"),
      );
      assert.deepEqual(args.slice(0, 2), ['restore-point', 'restore']);
      const { values, positionals } = parseArgs({
        args: args.slice(2),
        options: allOptions(),
        allowPositionals: true,
      });
      assert.equal(values.into, 'my server');
      const parsed = requestOf(positionals[0]!, values as Parameters<typeof requestOf>[1]);
      const defaults = {
        options: {},
        allowMetaCommands: false,
        tolerant: false,
        endSessions: false,
        ignoreRoom: false,
      };
      assert.deepEqual({ ...defaults, ...parsed }, { ...defaults, ...request });
    });
});
