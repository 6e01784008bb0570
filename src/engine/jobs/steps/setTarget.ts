import { chown, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explainFileError } from '../../fileFailure';
import { quoteLiteral } from '../../quote';
import type { SetTargetStep } from '../../plan';
import { writeWhole } from '../../writeWhole';
import type { Executor } from './types';

/** Settings of a target take the place of those that were there; all are the owner's. */
export const setTarget: Executor<SetTargetStep> = async ({ folder, settings, files }) => {
  const path = join(folder, 'postgresql.auto.conf');
  try {
    const names = new Set(Object.keys(settings));
    const kept = (await readFile(path, 'utf8'))
      .split('\n')
      .filter((line) => !names.has(/^\s*(\w+)/.exec(line)?.[1] ?? ''))
      .join('\n');
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quoteLiteral(value)}\n`);
    const texts = { 'postgresql.auto.conf': `${kept.trimEnd()}\n${lines.join('')}`, ...files };
    const { uid, gid } = await stat(folder);
    for (const [name, text] of Object.entries(texts)) {
      await writeWhole(join(folder, name), pieces(text));
      if (process.getuid?.() === 0) await chown(join(folder, name), uid, gid);
    }
  } catch (error) {
    throw explainFileError(error, path);
  }
};

async function* pieces(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
