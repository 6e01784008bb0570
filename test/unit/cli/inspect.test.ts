import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../src/cli/run';
import { useTempFolder } from '../../support/fixtures';
import { testIo } from './io';

describe('inspect --ddl', () => {
  const folder = useTempFolder();

  async function ddl(...more: string[]): Promise<string> {
    const path = join(folder(), 'roles.sql');
    await writeFile(path, "CREATE ROLE app;\nCREATE ROLE web LOGIN PASSWORD 'hunter2';\n");
    const { io, out } = testIo();
    assert.equal(await run(['inspect', path, '--ddl', '2', ...more], io), 0);
    return out();
  }

  it('shows no secrets unless asked', async () => {
    assert.match(await ddl(), /LOGIN PASSWORD '••••••';/);
    assert.doesNotMatch(await ddl('--json'), /hunter2/);
    assert.match(await ddl('--show-secrets'), /LOGIN PASSWORD 'hunter2';/);
  });

  it('has secrets to show only in definitions', async () => {
    const { io, err } = testIo();
    assert.equal(await run(['inspect', 'x.sql', '--show-secrets'], io), 2);
    assert.match(err(), /--show-secrets needs --ddl/);
  });
});
