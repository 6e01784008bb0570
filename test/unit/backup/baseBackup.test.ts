import assert from 'node:assert/strict';
import { checkServer, type BaseNeeds } from '../../../src/engine/backup/base/checks';
import {
  baseCompressionArgument,
  defaultBaseCompression,
  parseBaseCompression,
} from '../../../src/engine/backup/base/compression';
import { hbaLine, refused } from '../../../src/engine/backup/base/probe';
import type { BaseServer } from '../../../src/engine/backup/base/server';
import { versionOf } from '../../../src/engine/connections';
import { readSign } from '../../../src/engine/jobs/steps/dialects';
import type { ClientBuild } from '../../../src/engine/tools/types';

const server = (different: Partial<BaseServer> = {}): BaseServer => ({
  version: versionOf(170012, '17.12'),
  inRecovery: false,
  server: '1',
  systemIdentifier: '1',
  user: 'app',
  replicates: true,
  walLevel: 'replica',
  maxWalSenders: 10,
  walSenders: 0,
  maxSlots: 10,
  slots: [],
  walKeepMegabytes: 0,
  archiving: false,
  fullPageWrites: true,
  summarizesWal: true,
  oldestSummary: '0/1000000',
  compressions: ['off', 'on', 'pglz', 'lz4', 'zstd'],
  dataDirectory: '/data',
  tablespaces: [],
  databases: [],
  bytes: 1,
  ...different,
});

const needs = (different: Partial<BaseNeeds> = {}): BaseNeeds => ({
  walMethod: 'stream',
  createsSlot: false,
  noSlot: false,
  level: 'full',
  ...different,
});

const build = (major: number, compression: ClientBuild['compression']): ClientBuild => ({
  folder: '/x',
  version: versionOf(major * 10_000, `${major}`),
  tools: ['pg_basebackup'],
  compression,
  origin: 'path',
});

describe('what is checked before a base backup', () => {
  const cases: [string, Partial<BaseServer>, Partial<BaseNeeds>, string[], boolean][] = [
    ['nothing is wrong', {}, {}, [], false],
    ['too little WAL', { walLevel: 'minimal' }, {}, ['walLevel'], true],
    ['one sender is free, two are needed', { maxWalSenders: 3, walSenders: 2 }, {}, ['walSenders'], true],
    [
      'one sender is enough to fetch',
      { maxWalSenders: 3, walSenders: 2, walKeepMegabytes: 64 },
      { walMethod: 'fetch' },
      [],
      false,
    ],
    ['WAL may be recycled', {}, { walMethod: 'fetch' }, ['walKeepSize'], false],
    ['no WAL and no archive', {}, { walMethod: 'none' }, ['noWal'], true],
    ['no WAL but an archive', { archiving: true }, { walMethod: 'none' }, ['noWal'], false],
    [
      'no WAL of a standby, whose primary may archive',
      { inRecovery: true },
      { walMethod: 'none' },
      ['noWal'],
      false,
    ],
    [
      'a standby without whole pages',
      { inRecovery: true, fullPageWrites: false },
      {},
      ['fullPageWrites'],
      true,
    ],
    ['a primary without whole pages', { fullPageWrites: false }, {}, [], false],
    ['no slot is free', { maxSlots: 0 }, {}, ['slots'], true],
    ['no slot is wanted', { maxSlots: 0 }, { noSlot: true }, [], false],
    ['the slot is not there', {}, { slot: 'a' }, ['slotMissing'], true],
    [
      'the slot is in use',
      { slots: [{ name: 'a', active: true, physical: true }] },
      { slot: 'a' },
      ['slotActive'],
      true,
    ],
    [
      'the slot is logical',
      { slots: [{ name: 'a', active: false, physical: false }] },
      { slot: 'a' },
      ['slotLogical'],
      true,
    ],
    [
      'the slot to be made is there',
      { slots: [{ name: 'a', active: false, physical: true }] },
      { slot: 'a', createsSlot: true },
      ['slotExists'],
      true,
    ],
    [
      'incremental before 17',
      { version: versionOf(150018, '15.18') },
      { level: 'incremental' },
      ['incremental'],
      true,
    ],
    ['changes are not noted', { summarizesWal: false }, { level: 'incremental' }, ['summarizeWal'], true],
    [
      'notes begin too late',
      { oldestSummary: '0/3000000' },
      { level: 'incremental', parentStart: '0/2000028' },
      ['summaryMissing'],
      true,
    ],
    [
      'a tablespace in the data directory',
      { tablespaces: [{ oid: 1, name: 't', location: '/data/t' }] },
      {},
      ['tablespaceInside'],
      true,
    ],
    ['a tablespace beside it', { tablespaces: [{ oid: 1, name: 't', location: '/data2/t' }] }, {}, [], false],
  ];
  for (const [what, facts, wants, codes, blocks] of cases)
    it(what, () => {
      const found = checkServer(server(facts), needs(wants));
      assert.deepEqual(
        found.map(({ code }) => code),
        codes.map((code) => `basebackup.${code}`),
      );
      assert.equal(
        found.some((warning) => warning.blocks),
        blocks,
      );
    });
});

describe('a refused replication connection', () => {
  const user = 'app';
  it('without the right says how to get it', () => {
    const warning = refused(
      { sqlState: '42501', message: 'permission denied to start WAL sender' },
      'My "User"',
    );
    assert.match(warning.text, /ALTER ROLE "My ""User""" REPLICATION;/);
    assert.equal(warning.blocks, true);
  });
  it('without a line in pg_hba.conf says the line', () => {
    const message =
      'no pg_hba.conf entry for replication connection from host "10.1.2.3", user "app", no encryption';
    assert.match(
      refused({ sqlState: '28000', message }, user).text,
      /host {3}replication {3}app {3}10\.1\.2\.3\/32 {3}scram-sha-256/,
    );
    assert.match(hbaLine(message.replace('10.1.2.3', 'fe80::1'), user), / fe80::1\/128 /);
    assert.match(hbaLine(message.replace('10.1.2.3', '[local]'), user), /^local {3}replication {3}app/);
    assert.match(hbaLine(message, 'all'), /"all"/);
    assert.match(hbaLine(message, 'a"b'), /"a""b"/);
  });
  it('for want of senders says so', () =>
    assert.equal(refused({ sqlState: '53300', message: 'x' }, user).code, 'basebackup.walSenders'));
});

describe('the compression of a base backup', () => {
  it('is by what both sides were built with', () => {
    assert.deepEqual(defaultBaseCompression(server(), build(17, ['none'])), {
      where: 'server',
      method: 'zstd',
      detail: '3',
    });
    const without = server({ compressions: ['on', 'off', 'pglz'] });
    assert.deepEqual(defaultBaseCompression(without, build(17, ['none', 'zstd'])).where, 'client');
    assert.deepEqual(defaultBaseCompression(without, build(17, ['none', 'gzip'])), {
      where: 'client',
      method: 'gzip',
      detail: '1',
    });
    assert.equal(
      defaultBaseCompression(server({ version: versionOf(140001, '14.1') }), build(17, ['none'])).method,
      'gzip',
    );
  });
  it('is read and written as pg_basebackup does', () => {
    const written = (compress: string, major = 17) =>
      baseCompressionArgument(parseBaseCompression({ compress })!, build(major, []));
    assert.equal(written('zstd'), 'client-zstd');
    assert.equal(written('server-zstd:level=3,workers=2'), 'server-zstd:level=3,workers=2');
    assert.equal(written('9'), 'client-gzip:9');
    assert.equal(written('9', 14), '9');
    assert.equal(written('none'), 'none');
    assert.equal(parseBaseCompression({}), undefined);
    for (const bad of ['zip', 'server-', 'zstd:', 'client-gzip:9 --x'])
      assert.throws(() => parseBaseCompression({ compress: bad }), { code: 'backup.option' });
  });
});

describe('the progress of pg_basebackup', () => {
  it('is read from its lines', () => {
    assert.deepEqual(
      readSign('pg_basebackup', '  51200/204800 kB (25%), 0/2 tablespaces (…r.base.partial/base.tar)'),
      {
        bytes: 51200 * 1024,
        fraction: 0.25,
        what: '…r.base.partial/base.tar',
      },
    );
    assert.equal(readSign('pg_basebackup', '204900/204800 kB (100%), 1/1 tablespace')?.fraction, 1);
    assert.equal(readSign('pg_basebackup', 'pg_basebackup: base backup completed'), undefined);
  });
});
