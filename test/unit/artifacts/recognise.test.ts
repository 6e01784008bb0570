import assert from 'node:assert/strict';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { execFileSync } from 'node:child_process';
import { recognise } from '../../../src/engine/artifacts';
import { fixture, useTempFolder } from '../../support/fixtures';

describe('recognise', () => {
  const folder = useTempFolder();
  const put = async (content: string | Buffer, name = 'anything.txt'): Promise<string> => {
    const path = join(folder(), name);
    await writeFile(path, content);
    return path;
  };
  const kindOf = async (content: string | Buffer): Promise<string> => {
    const { kind, format, wrapper } = await recognise(await put(content));
    return [kind, format, wrapper].join(' ');
  };
  const plain = '--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n';
  const dump = (): Promise<Buffer> => readFile(fixture('dumps/pg19-latin1.dump'));

  it('knows custom archives of all versions by content, whatever the name', async () => {
    for (const name of ['pg15-schema', 'pg19-gzip', 'pg19-lz4', 'pg19-zstd', 'pg19-redir', 'pg19-statistics'])
      assert.equal(await kindOf(await readFile(fixture(`dumps/${name}.dump`))), 'archive custom ');
  });

  it('knows plain dumps and cluster scripts, also after a byte order mark or blank lines', async () => {
    assert.equal(await kindOf(await readFile(fixture('dumps/pg19-schema.sql'))), 'script plain ');
    assert.equal(await kindOf(await readFile(fixture('dumps/pg19-globals.sql'))), 'clusterScript plain ');
    assert.equal(await kindOf('\uFEFF' + plain), 'script plain ');
    assert.equal(await kindOf('\n\n  \n' + plain), 'script plain ');
    assert.equal(await kindOf('-- kept since 2019\n' + plain.replaceAll('\n', '\r\n')), 'script plain ');
    for (const sample of ['chinook', 'pagila'])
      assert.equal(await kindOf(await readFile(fixture(`samples/${sample}.sql`))), 'script plain ');
  });

  it('takes gzip, zstd, lz4 and UTF-16 off first', async () => {
    assert.equal(await kindOf(gzipSync(plain)), 'script plain gzip');
    assert.equal(await kindOf(zstdCompressSync(plain)), 'script plain zstd');
    const lz4 = execFileSync('lz4', ['-c'], { input: plain, stdio: ['pipe', 'pipe', 'ignore'] });
    assert.equal(await kindOf(lz4), 'script plain lz4');
    assert.equal(await kindOf(gzipSync(await dump())), 'archive custom gzip');
    const utf16 = Buffer.from('\uFEFF' + plain.replaceAll('\n', '\r\n'), 'utf16le');
    assert.equal(await kindOf(utf16), 'script plain utf16');
    assert.equal(await kindOf(Buffer.from(utf16).swap16()), 'script plain utf16');
  });

  it('explains an archive that PowerShell turned into UTF-16', async () => {
    const path = await put(Buffer.from('\uFEFF' + (await dump()).toString('latin1'), 'utf16le'));
    const found = await recognise(path);
    assert.equal(found.kind, 'broken');
    assert.equal(found.format, 'custom');
    assert.match(found.reason!, /PowerShell/);
  });

  it('calls a beginning of an archive that cannot be used broken, with the reason', async () => {
    const whole = await dump();
    for (const length of [5, 7, 11, 40, 70]) {
      const found = await recognise(await put(whole.subarray(0, length)));
      assert.equal(found.kind, 'broken', String(length));
      assert.match(found.reason!, /ends inside the header/);
    }
    const newer = Buffer.from(whole);
    newer[6] = 17;
    assert.match((await recognise(await put(newer))).reason!, /1\.17.*newer/);
    const lone = Buffer.from(whole);
    lone[10] = 3;
    assert.match((await recognise(await put(lone))).reason!, /directory dump: open its folder/);
    const crlf = Buffer.from(whole.toString('latin1').replaceAll('\x00\x00', '\x00\r\n'), 'latin1');
    assert.equal((await recognise(await put(crlf))).kind, 'broken');
    const gz = gzipSync(plain);
    assert.equal((await recognise(await put(gz.subarray(0, 8)))).kind, 'broken');
  });

  it('does not take other files for dumps', async () => {
    const letter =
      'Dear Anna,\n\nselect whatever you like from the list; create a copy and set it aside.\n\nYours, B.\n';
    for (const [content, reason] of [
      ['', /empty/],
      [letter, /neither/],
      ['Select a seat; then wait.\n', /neither/],
      ['Create a new file; drop it there.', /neither/],
      ['{"a": 1}', /neither/],
      ['id,name\n1,Anna\n', /neither/],
      ['# Notes\n\n- `select 1;`\n', /neither/],
      ['PK\x03\x04rest of it', /ZIP/],
      [Buffer.from([0, 1, 2, 3, 0, 0, 200, 9]), /no PostgreSQL dump/],
      [Buffer.from('\uFEFFDear Anna,\n', 'utf16le'), /neither/],
      [gzipSync('Dear Anna,\n'), /neither/],
    ] as const) {
      const found = await recognise(await put(content));
      assert.equal(found.kind, 'unknown', String(content).slice(0, 40));
      assert.match(found.reason!, reason);
    }
  });

  it('takes hand-written SQL for a script', async () => {
    for (const content of [
      'create table t (a int);\ninsert into t values (1);\n',
      '/* by hand */ SELECT 1;',
      "\\set x 1\nBEGIN;\nUPDATE a.t SET b = ';' WHERE c = 'it''s';\nCOMMIT;\n",
      'DO $$ begin perform 1; end $$;',
      'INSERT INTO t VALUES\n' + "(1, 'x'),\n".repeat(9000),
      'COPY t (a) FROM stdin;\nanything; at all\n\\.\n',
    ])
      assert.equal(await kindOf(content), 'script plain ', content.slice(0, 40));
  });

  it('knows directory dumps by their toc.dat, also a compressed one', async () => {
    const path = join(folder(), 'dump');
    await mkdir(path);
    const toc = await dump();
    toc[10] = 3;
    await writeFile(join(path, 'toc.dat'), toc);
    assert.deepEqual(await recognise(path), { kind: 'archive', format: 'directory', wrapper: null });
    await rename(join(path, 'toc.dat'), join(path, 'x'));
    assert.equal((await recognise(path)).kind, 'unknown');
    await writeFile(join(path, 'toc.dat.gz'), gzipSync(toc));
    assert.equal((await recognise(path)).kind, 'archive');
    await writeFile(join(path, 'toc.dat.gz'), 'no gzip');
    assert.equal((await recognise(path)).kind, 'broken');
  });

  it('lets what the file system says about a missing path through', async () => {
    await assert.rejects(recognise(join(folder(), 'missing')), { code: 'ENOENT' });
  });
});
