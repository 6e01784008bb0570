import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../engine/errors';
import { gitState } from '../../engine/git';
import { home } from '../../engine/home';
import { listJobs, pastRestores, type JobEvent, type JobMessage, type JobResult } from '../../engine/jobs';
import type { Plan } from '../../engine/plan';
import { applyFix, planRestore } from '../../engine/restore';
import { parse, UsageError } from '../args';
import { beforeRunning, showDryRun } from '../before';
import { buildsFor } from '../builds';
import { exitCodes, type ExitCode, type Io, type Verb } from '../io';
import { runHere } from '../job';
import { durationText, note, printable, printResult } from '../output';
import { allOptions } from '../restore/options';
import { restoreDirectory } from '../restore/directory';
import { requestOf, requestOfJob, type Given } from '../restore/request';
import { openSession, type Session } from '../session';

const usage = `restore-point restore: brings a backup back into a server

Usage: restore-point restore ARTIFACT --into CONNECTION --database NAME [--strategy new|replace|in-place] …
       restore-point restore --resume JOB --into CONNECTION
       restore-point restore BASE-BACKUP --into-directory FOLDER [--as primary|standby] [--start --port N] …

  --into CONNECTION       URI, key=value, service, or a stored connection; no password in it
  --database NAME         where it goes; sets and cluster scripts bring their own databases
  --strategy new          into a new database, dropped again when it fails (default)
  --strategy replace      beside one that exists, checked, then the names are swapped: the old one stays, and
                          restore-point undo gives it its name back
  --strategy in-place     into one that exists: its objects are dropped and made again as the backup has
                          them; --no-clean drops nothing
  --safety clone|dump|none   what is kept of it before it is changed in place (default: a clone where one can be
                          made, else a dump)
  --pick NAME             only this entry with all that belongs to it, and what it needs: schema.name, with * and ?
                          for any characters, KIND before it (VIEW app.totals), or its number; can be repeated
  --existing add|replace|beside   in place, what becomes of objects of the same names: they stay (default), are
                          made again, or tables come beside them as NAME_restored
  --no-needed             without what picked entries need; --no-rows without rows
  --schema-as OLD=NEW     under another schema name; --owner-as and --tablespace-as likewise
  --without-extension NAME   leave an extension out, with what needs it
  --into-directory FOLDER a base backup as a cluster of its own, in a folder that is missing or empty; its chain is
                          combined first, and every file checked
  --tablespace-mapping OLD=NEW   where a tablespace goes, by name, OID or old folder (default: FOLDER.tablespaces)
  --as primary|standby    a standby waits for WAL: --primary-conninfo TEXT (no password), --restore-command TEXT
  --start --port N        start it, with a socket in --socket-dir (default: FOLDER) and nowhere else
  --copy-method METHOD    how a chain is combined: copy, clone, copy-file-range
  --create-roles          make the roles that are missing: unable to log in, without passwords
  --roles-from-globals    make them as the globals kept with the backup have them, with their passwords
  --end-sessions          end the sessions on the database where a step has to be alone with it
  --rehearse              with replace: check what was restored (rows, indexes, amcheck, --check SQL) before the
                          names are swapped, and keep the result with the backup
  --ignore-room           start though the disk seems too small
  --resume JOB            only what failed in an earlier, tolerant restore, with what needs it
  --strict                stop at the first error, whatever it is (pg_restore --exit-on-error)
  --tolerant              go on after failures and keep what could be restored
  --allow-meta-commands   let a script run its own psql commands; they can run programs here
  --confirm NAME          the database's name, for what destroys on a production connection
  --dry-run               show the plan, change nothing
  --tools FOLDER          client programs to use; --tool-prefix WORDS runs them elsewhere
  -v, --verbose           show what the tools say
  --json                  {"database", "strategy", "entries": {restored, harmless, degraded, failed},
                          "undo", "tables": [{schema, name, rows}], "messages", "warnings", "durationMs"}

All options of pg_restore that fit are taken as they are: --jobs, --schema-only,
--data-only, --section, --no-owner, --no-privileges, --single-transaction, --role, --disable-triggers, …
A script is run by psql and takes --single-transaction only.

The exit code is 0 when every message was harmless (a role that is there already, say), 1 when anything
of the backup is missing.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({ args, allowPositionals: true, options: allOptions() });
    const given = values as Given;
    const text = (key: string): string | undefined => given[key] as string | undefined;
    const [artifact, ...more] = positionals;
    const resumed = text('resume');
    if ((artifact === undefined) !== (resumed !== undefined) || more.length)
      throw new UsageError(l10n.t('restore takes one artifact, or --resume with a job.'));
    if (text('into-directory') !== undefined) {
      if (artifact === undefined)
        throw new UsageError(l10n.t('restore takes one artifact, or --resume with a job.'));
      return await restoreDirectory(io, artifact, given);
    }
    if (text('into') === undefined) throw new UsageError(l10n.t('--into CONNECTION is missing.'));
    const request =
      resumed === undefined ? requestOf(artifact!, given) : await requestOfJob(io, resumed, given);
    const session = await openSession(io, text('into'));
    try {
      const builds = await buildsFor(io, given as { tools?: string[] });
      const context = {
        access: session.access,
        builds,
        now: new Date(),
        folder: home(io.env).backups,
        git: await gitState(process.cwd()),
        past: pastRestores(await listJobs(home(io.env))),
        signal: io.signal,
      };
      let plan = await planRestore(request, context);
      const as = given['roles-from-globals'] ? 'rolesFromGlobals' : 'createRoles';
      const roles = plan.warnings.flatMap(({ fixes = [] }) => fixes.filter(({ id }) => id === as));
      if ((given['create-roles'] || given['roles-from-globals']) && roles.length)
        plan = await planRestore(
          roles.reduce((all, { set }) => applyFix(all, set), request),
          context,
        );
      if (given['dry-run']) {
        showDryRun(io, plan);
        return exitCodes.done;
      }
      beforeRunning(io, plan, session, text('confirm'));
      return await runAndReport(io, plan, session, given.verbose === true);
    } finally {
      await session.access.close();
    }
  },
};

/** Runs the plan; a tolerant restore that lacks something still reports what is there, and fails. */
async function runAndReport(io: Io, plan: Plan, session: Session, verbose: boolean): Promise<ExitCode> {
  const messages: JobMessage[] = [];
  let kept: JobResult | undefined;
  const onEvent = (event: JobEvent): void => {
    if (event.type === 'message') messages.push(event.message);
    if (event.type === 'result') kept = event.result;
  };
  try {
    const result = await runHere(io, plan, session.secrets, { verbose, onEvent });
    report(io, plan, { ...result, messages });
    return exitCodes.done;
  } catch (error) {
    if (!kept || !(error instanceof RestorePointError)) throw error;
    note(io, `${error.what} ${error.next}`);
    report(io, plan, { ...kept, messages, error: error.facts() });
    return exitCodes.failed;
  }
}

function report(io: Io, plan: Plan, result: JobResult): void {
  const { entries, durationMs } = result as { entries?: Record<string, number>; durationMs?: number };
  const counts = { restored: 0, harmless: 0, failed: 0, ...entries };
  const document = {
    database: plan.facts.database,
    strategy: plan.facts.strategy,
    undo: null,
    ...result,
    entries: counts,
    warnings: plan.warnings,
  };
  const facts = [
    l10n.t('{0} entries restored', counts.restored),
    ...(counts.harmless ? [l10n.t('{0} harmless messages', counts.harmless)] : []),
    ...(durationMs === undefined ? [] : [durationText(durationMs)]),
  ];
  printResult(io, document, `${printable(String(plan.facts.database))}\n  ${facts.join(' · ')}`);
}
