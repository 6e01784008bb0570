import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { manifestPath } from '../../engine/artifacts';
import { planCombine } from '../../engine/backup';
import { common, oneOf, parse, theOne, UsageError } from '../args';
import { showDryRun } from '../before';
import { buildsFor, toolOptions } from '../builds';
import { exitCodes, type Verb } from '../io';
import { runHere } from '../job';
import { bytesText, durationText, note, printable, printResult } from '../output';
import { copyWay } from '../restore/placing';

const usage = `restore-point combine: a full base backup out of an incremental one and all that it needs

Usage: restore-point combine ARTIFACT [--to FOLDER | --file PATH] [--copy-method copy|clone|copy-file-range] …

  --to FOLDER           where it goes (default: beside ARTIFACT)
  --file PATH           exactly there
  --copy-method METHOD  how unchanged files come over: copy (default), clone and copy-file-range share blocks where
                        the file system can
  --verify LEVEL        none, checksum (default) or contents
  --notes TEXT          kept in the manifest
  --dry-run             show the plan, make nothing
  --tools FOLDER        PostgreSQL programs to use; pg_combinebackup has to be of the backups' own major release
  -v, --verbose         show what the tools say
  --json                {"artifact", "manifest", "method", "format", "bytes", "durationMs"}

The server is not asked. Every backup of the chain is checked against its manifest first.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...common,
        ...toolOptions,
        to: { type: 'string' },
        file: { type: 'string' },
        'copy-method': { type: 'string' },
        verify: { type: 'string' },
        notes: { type: 'string' },
        'dry-run': { type: 'boolean' },
        verbose: { type: 'boolean', short: 'v' },
      },
    });
    const artifact = theOne(positionals, l10n.t('combine takes one base backup.'));
    if (values.to !== undefined && values.file !== undefined)
      throw new UsageError(l10n.t('--file names the file, --to the folder: take one of them.'));
    const plan = await planCombine(
      {
        artifact: resolve(artifact),
        ...(values.to === undefined ? {} : { folder: resolve(values.to) }),
        ...(values.file === undefined ? {} : { path: resolve(values.file) }),
        way: copyWay(values['copy-method']),
        verify: oneOf('verify', values.verify ?? 'checksum', ['none', 'checksum', 'contents'] as const),
        ...(values.notes === undefined ? {} : { notes: values.notes }),
      },
      { builds: await buildsFor(io, values), now: new Date(), signal: io.signal },
    );
    if (values['dry-run']) {
      showDryRun(io, plan);
      return exitCodes.done;
    }
    for (const { text } of plan.warnings) note(io, l10n.t('Note: {0}', printable(text)));
    const result = await runHere(io, plan, {}, { verbose: values.verbose === true });
    const { bytes, durationMs } = result as { bytes: number; durationMs: number };
    const path = String(result.artifact);
    printResult(
      io,
      { ...result, artifact: path, manifest: manifestPath(path) },
      `${printable(path)}\n  ${bytesText(bytes)} · ${durationText(durationMs)}`,
    );
    return exitCodes.done;
  },
};
