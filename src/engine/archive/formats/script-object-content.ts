import * as l10n from '@vscode/l10n';
import { damage } from '../errors';
import type { ByteSource } from '../io/source';
import { ScriptScanner } from '../sql/scanner';
import { objectStatement, writtenBytes } from '../sql/script-objects';
import type { ReadOptions } from '../types';

/** The content of the large object that is opened at a byte of a script; damage when the script ends inside of it. */
export async function* scriptObjectContent(
  source: ByteSource,
  at: number,
  { signal }: ReadOptions,
): AsyncGenerator<Buffer> {
  let written: Buffer[] = [];
  let opened = false;
  let closed = false;
  const scanner = new ScriptScanner({
    statement(statement) {
      if (closed) return null;
      const what = objectStatement(statement);
      if (what?.does === 'write') written.push(writtenBytes(statement.text, what.from));
      else if (what?.does === 'open' && !opened) opened = true;
      else closed = true;
      return null;
    },
    comment() {},
    meta() {},
    copied() {},
  });
  for await (const part of source.stream(at, { signal })) {
    scanner.push(part);
    yield* written;
    written = [];
    if (closed) return;
  }
  throw damage(l10n.t('the script ends inside a large object'), at);
}
