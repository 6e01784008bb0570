import assert from 'node:assert/strict';
import type { RestorePointError } from '../../../src/engine/errors';
import { chooseForDump, chooseForRestore } from '../../../src/engine/tools';
import { familiesOf, installCommand } from '../../../src/engine/tools/install';
import { tooOld } from '../../../src/engine/tools/missing';
import type { Compression, ToolName, Version } from '../../../src/engine/tools/types';
import { parseVersion } from '../../../src/engine/tools/versions';
import { fakeBuild } from '../../support/fakeBuild';

const server = (text: string): Version => parseVersion(`postgres (PostgreSQL) ${text}`)!;
const builds = (...versions: string[]) => versions.map((version) => fakeBuild(version));
const short = (version: Version): string => version.text;

describe('parseVersion', () => {
  for (const [line, expected] of [
    [
      'pg_dump (PostgreSQL) 17.11 (Debian 17.11-0+deb13u1)',
      [170011, 17, 11, '17.11 (Debian 17.11-0+deb13u1)'],
    ],
    ['psql (PostgreSQL) 19beta1', [190000, 19, 0, '19beta1']],
    ['pg_dump (EnterpriseDB) 9.6.24', [90624, 9, 24, '9.6.24']],
    ['pg_dump: not found', null],
    ['', null],
  ] as const)
    it(line || 'nothing', () => {
      const version = parseVersion(line);
      assert.deepEqual(version && [version.num, version.major, version.minor, version.text], expected);
    });
});

describe('chooseForDump', () => {
  const cases: [string, string, string[], string][] = [
    ['the same major release', '17.2', ['18.1', '17.1', '15.3'], '17.1'],
    ['the nearest newer one', '16.2', ['18.1', '17.1', '15.3'], '17.1'],
    ['the newest minor release of it', '17.9', ['17.1', '18.1', '17.5'], '17.5'],
    ['the first found of equal ones', '17.9', ['17.5', '17.5'], '17.5'],
    ['a major release before 10', '9.5.3', ['9.4.1', '9.6.2', '15.1'], '9.6.2'],
    ['a beta as its major release', '19beta2', ['18.1', '19beta1'], '19beta1'],
  ];
  for (const [what, target, found, expected] of cases)
    it(`takes ${what}`, () => {
      const all = builds(...found);
      const { build, passedOver } = chooseForDump(all, server(target));
      assert.equal(build.version.text, expected);
      assert.equal(passedOver.length, all.length - 1);
      assert.equal(
        build,
        all.find((one) => one.version.text === expected),
      );
    });

  it('says why, and why not the others', () => {
    const { build, reasons, passedOver } = chooseForDump(
      [...builds('18.1', '17.2', '17.1', '15.3'), fakeBuild('17.8', { compression: ['none', 'gzip'] })],
      server('17.11'),
      { compression: 'zstd' },
    );
    assert.equal(build.version.text, '17.2');
    assert.deepEqual(reasons, [
      'pg_dump 17.2 in /pg/17.2/bin is used.',
      'It is of the same major release as the server, 17.',
      'It can do zstd compression.',
    ]);
    assert.deepEqual(
      passedOver.map((one) => `${short(one.build.version)}: ${one.reason}`),
      [
        '15.3: It is older than the server, 17.11.',
        '17.8: It cannot do zstd compression.',
        '17.1: 17.2 is a newer minor release.',
        '18.1: 17.2 is nearer.',
      ],
    );
  });

  const fails = (code: string, text: RegExp) => (error: RestorePointError) => {
    assert.equal(error.code, code);
    assert.match(`${error.what}\n${error.why}\n${error.next}`, text);
    assert.ok(error.remedies.some((remedy) => remedy.do === 'installTools' && remedy.with?.major));
    assert.ok(error.remedies.some((remedy) => remedy.do === 'addToolFolder'));
    return true;
  };
  it('says what is missing where there is nothing', () =>
    assert.throws(() => chooseForDump([], server('17.1')), fails('tool.missing', /pg_dump was not found/)));
  it('says what is missing where the builds lack the program', () =>
    assert.throws(
      () => chooseForDump([fakeBuild('17.1', { tools: ['psql'] })], server('17.1'), { tool: 'pg_dumpall' }),
      fails('tool.missing', /pg_dumpall.*\n.*17\.1 in \/pg/),
    ));
  it('says what is needed where all are too old', () =>
    assert.throws(
      () => chooseForDump(builds('15.1', '16.2'), server('17.4')),
      fails(
        'tool.tooOld',
        /pg_dump 17 or later is needed\.\nThe server is PostgreSQL 17\.4.*15\.1 in .*16\.2 in/,
      ),
    ));
  it('says what is needed where none compresses so', () =>
    assert.throws(
      () => chooseForDump(builds('15.1'), server('15.4'), { compression: 'zstd' }),
      fails('tool.compression', /zstd.*\n.*PostgreSQL 16 or later.*15\.1/),
    ));
});

describe('chooseForRestore', () => {
  const archive = (minor: number, compression: Compression = 'gzip') => ({
    archiveVersion: [1, minor] as [number, number],
    compression,
  });
  const cases: [string, number, string, string[], string][] = [
    ['the target’s major release', 14, '17.1', ['18.1', '17.3', '15.2'], '17.3'],
    ['the nearest older one before a newer one', 14, '16.1', ['17.3', '15.2', '13.1'], '15.2'],
    ['a newer one where the archive needs it', 16, '15.1', ['18.1', '17.3', '16.2', '15.2'], '17.3'],
    ['what reads 1.15', 15, '15.1', ['17.3', '16.2', '15.2'], '16.2'],
    ['anything for an old archive', 12, '9.6.1', ['9.6.24', '17.3'], '9.6.24'],
    ['the newest minor release', 14, '15.1', ['15.2', '15.18'], '15.18'],
  ];
  for (const [what, minor, target, found, expected] of cases)
    it(`takes ${what}`, () => {
      const { build, passedOver } = chooseForRestore(builds(...found), archive(minor), server(target));
      assert.equal(build.version.text, expected);
      assert.equal(passedOver.length, found.length - 1);
    });

  it('warns of the setting an older target does not know', () => {
    const { reasons } = chooseForRestore(builds('17.3', '15.2'), archive(16), server('15.1'));
    assert.match(reasons.join(' '), /reads archives of version 1\.16.*transaction_timeout.*harmless/);
  });

  it('minds the compression of the archive', () => {
    const all = [fakeBuild('17.1', { compression: ['none', 'gzip'] }), fakeBuild('18.1')];
    assert.equal(chooseForRestore(all, archive(16, 'zstd'), server('17.1')).build.version.major, 18);
    assert.throws(() => chooseForRestore(all.slice(0, 1), archive(16, 'zstd'), server('17.1')), {
      code: 'tool.compression',
    });
  });

  it('says which release an archive needs', () => {
    assert.throws(
      () => chooseForRestore(builds('15.1'), archive(16), server('15.1')),
      (error: RestorePointError) => {
        assert.equal(error.code, 'tool.tooOld');
        assert.match(error.message, /pg_restore 17 or later.*version 1\.16.*15\.1 in/);
        assert.equal(error.remedies[0]?.with?.major, '17');
        return true;
      },
    );
    assert.throws(() => chooseForRestore(builds('18.1'), archive(17), server('18.1')), {
      code: 'tool.tooOld',
    });
    assert.throws(() => chooseForRestore([], archive(14), server('15.1')), { code: 'tool.missing' });
  });

  it('takes a psql that knows \\restrict', () => {
    const { build, passedOver } = chooseForRestore(
      builds('17.2', '15.18', '17.1'),
      null,
      server('17.1'),
      'psql',
    );
    assert.equal(build.version.text, '15.18');
    assert.match(passedOver[0]!.reason, /\\restrict/);
    assert.equal(chooseForRestore(builds('17.2'), null, server('17.1'), 'psql').build.version.text, '17.2');
  });
});

describe('how to install', () => {
  const debian = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n';
  const rocky = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n';
  for (const [what, platform, osRelease, command] of [
    ['Debian', 'linux', debian, 'sudo apt install postgresql-client-17'],
    [
      'Ubuntu’s kin',
      'linux',
      'ID=linuxmint\nID_LIKE="ubuntu debian"',
      'sudo apt install postgresql-client-17',
    ],
    ['RPM', 'linux', rocky, 'sudo dnf install postgresql17'],
    ['Alpine', 'linux', 'ID=alpine', 'sudo apk add postgresql17-client'],
    ['an unknown Linux', 'linux', '', null],
    ['macOS', 'darwin', '', 'brew install postgresql@17'],
    ['Windows', 'win32', '', 'winget install PostgreSQL.PostgreSQL.17'],
  ] as const)
    it(what, () => {
      const packages = { platform, families: familiesOf(osRelease) };
      assert.equal(installCommand('17', packages), command);
      const tool: ToolName = 'pg_dump';
      const { next } = tooOld(tool, '17', '', [], packages);
      assert.ok(next.includes(command ?? 'client programs of PostgreSQL 17'), next);
      if (what === 'Debian') assert.match(next, /apt\.postgresql\.org/);
    });
});
