import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { Access, ResolvedConnection } from '../../../src/engine/connections';
import { renderCommand } from '../../../src/engine/tools';
import { cleanEnvironment } from '../../../src/engine/tools/environment';
import { isGluedByShell, seenFrom, throughPrefix, withoutPlace } from '../../../src/engine/tools/prefix';
import { quotePowerShellWord, quoteWord } from '../../../src/engine/tools/quote';
import { fakeBuild } from '../../support/fakeBuild';

const connection: ResolvedConnection = {
  id: 'c',
  name: 'c',
  role: 'local',
  settings: { hosts: [{ host: 'db.example', port: 5433 }], user: 'me', database: 'shop', sslMode: 'prefer' },
};

describe('quoteWord', () => {
  const strange = [
    '',
    'plain-1.2/3',
    'a b',
    "it's",
    '"$HOME" `x` \\',
    'a\nb',
    '-é😀',
    '*',
    '~',
    '!x',
    'a;b&c|d',
  ];
  it('survives a POSIX shell', () => {
    const script = `printf '%s\\0' ${strange.map(quoteWord).join(' ')}`;
    assert.deepEqual(
      execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1),
      strange,
    );
  });
  it('leaves plain words alone', () => assert.equal(quoteWord('--file=/a/b.dump'), '--file=/a/b.dump'));
  it('quotes for PowerShell', () =>
    assert.deepEqual(['C:\\pg\\x.exe', "it's $x"].map(quotePowerShellWord), ['C:\\pg\\x.exe', "'it''s $x'"]));
});

describe('renderCommand', () => {
  it('can be copied, and names the connection without a password', () => {
    const command = renderCommand(
      fakeBuild('17.1', { folder: "/opt/it's/bin" }),
      'pg_dump',
      ['--format=custom', '--table="a b"', '-'],
      connection,
      'other db',
    );
    const words = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' }).split(
      '\0',
    );
    assert.equal(words[0], "/opt/it's/bin/pg_dump");
    assert.match(words[1]!, /^--dbname=postgresql:\/\/me@db\.example:5433\/other%20db/);
    assert.deepEqual(words.slice(2), ['--format=custom', '--table="a b"', '-', '']);
  });
  it('names the database where pg_dumpall looks for it', () =>
    assert.match(
      renderCommand(fakeBuild('17.1'), 'pg_dumpall', [], connection, 'shop'),
      / --database=shop$/,
    ));
  it('needs no connection', () =>
    assert.equal(
      renderCommand(fakeBuild('17.1'), 'pg_restore', ['-l', 'a b']),
      "/pg/17.1/bin/pg_restore -l 'a b'",
    ));
  it('shows the prefix, with the words quoted twice where two shells read them', () => {
    const through = (prefix: string[]): string =>
      renderCommand(fakeBuild('17.1', { prefix }), 'pg_restore', ['a b']);
    assert.equal(
      through(['docker', 'exec', '-i', 'my db']),
      "docker exec -i 'my db' /pg/17.1/bin/pg_restore 'a b'",
    );
    const command = through(['ssh', 'host']);
    const once = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' }).split(
      '\0',
    );
    assert.deepEqual(once, ['ssh', 'host', '/pg/17.1/bin/pg_restore', "'a b'", '']);
  });
});

describe('prefixes', () => {
  for (const [prefix, glued] of [
    [['ssh', 'host'], true],
    [['/usr/bin/ssh', '-p', '22', 'host', 'docker', 'exec', '-i', 'db'], true],
    [['C:\\Windows\\System32\\OpenSSH\\ssh.exe', 'host'], true],
    [['sudo', '-u', 'me', 'ssh', 'host'], true],
    [['docker', 'exec', '-i', 'ssh'], false],
    [['env', 'A=b'], false],
    [['./my-wrapper'], false],
  ] as const)
    it(`${prefix.join(' ')}: ${glued ? 'glued' : 'not glued'}`, () => {
      assert.equal(isGluedByShell([...prefix]), glued);
      assert.deepEqual(throughPrefix([...prefix], ['a b']), [...prefix, glued ? "'a b'" : 'a b']);
    });

  it('do not find our end of a tunnel over there', () => {
    const host = { host: 'db.example', port: 5433 };
    const access: Access = {
      connection: { ...connection, ssh: { destination: 'jump' } },
      endpoint: { host: '127.0.0.1', port: 40_000 },
      host,
      password: undefined,
      close: async () => {},
    };
    assert.deepEqual(seenFrom(['docker', 'exec', 'db'], access).endpoint, host);
    assert.equal(seenFrom(['sudo'], access), access);
    assert.equal(seenFrom(undefined, access), access);
    const direct = { ...access, connection };
    assert.equal(seenFrom(['docker', 'exec', 'db'], direct), direct);
  });

  it('may set host and port themselves', () => {
    const conninfo = "host='a' hostaddr='b' port='1' dbname='it\\'s port=\\'2\\' x' user='me'";
    assert.equal(withoutPlace(conninfo, ['docker', 'exec', 'db']), conninfo);
    assert.equal(
      withoutPlace(conninfo, ['docker', 'exec', '-e', 'PGPORT=5432', 'db']),
      "host='a' hostaddr='b' dbname='it\\'s port=\\'2\\' x' user='me'",
    );
    assert.equal(
      withoutPlace(conninfo, ['env', 'PGHOST=/tmp', 'PGPORT=5432']),
      "dbname='it\\'s port=\\'2\\' x' user='me'",
    );
  });
});

describe('cleanEnvironment', () => {
  it('keeps the rest, speaks English, and keeps the characters', () =>
    assert.deepEqual(
      cleanEnvironment(
        { PGPASSWORD: 'x' },
        { PATH: '/bin', PGHOST: 'a', pgport: '1', LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' },
      ),
      { PATH: '/bin', LC_CTYPE: 'de_DE.UTF-8', LC_MESSAGES: 'C', PGPASSWORD: 'x' },
    ));
});
