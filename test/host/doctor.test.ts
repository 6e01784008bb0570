import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { JobSummary } from '../../src/engine/jobs';
import type { TestApi } from '../../src/extension/extension';
import { inside, mainConnection, run, sql, until } from './support';

interface Started {
  job: string;
}

describe('the failure doctor', () => {
  let api: TestApi;
  let backup: string;
  const ended = async ({ job }: Started): Promise<JobSummary> =>
    await api.services.jobs.ended(job, AbortSignal.timeout(50_000));

  before(async () => {
    api = await inside();
    await mainConnection(api);
    api.ask.forget();
    await sql('create database doctored');
    await sql('create role gone');
    await sql(
      'create table t as select 1 as a; alter table t enable row level security; create policy p on t to gone',
      'doctored',
    );
    const made = await ended(
      await run<Started>('restorePoint.backUpDatabase', { connection: 'main', database: 'doctored' }),
    );
    backup = made.plan.artifact!.path;
    await sql('drop policy p on t', 'doctored');
    await sql('drop role gone');
  });
  after(async () => {
    api.ask.forget();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const database of ['doctored', 'treated']) await sql(`drop database if exists ${database}`);
    await sql('drop role if exists gone');
  });

  it('tells what failed as a problem, with what can be done, and restores only that', async () => {
    const first = await ended(
      await run<Started>('restorePoint.restore', {
        ...{ artifact: backup, connection: 'main', into: 'treated', request: { tolerant: true } },
      }),
    );
    assert.equal(first.messages.failed, 1);
    const uri = vscode.Uri.parse(await run<string>('restorePoint.showReport', { job: first.id }));
    const report = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    assert.match(report?.getText() ?? '', /POLICY public t p/);
    const [problem, ...more] = vscode.languages.getDiagnostics(uri);
    assert.deepEqual(more, []);
    assert.equal(problem?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(problem.message, /role "gone" does not exist/);
    // The editor's own for Markdown come, too; problems take a moment to reach it.
    const actions = await until('the quick fixes', async () => {
      const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        problem.range,
      );
      const ours = all.filter(({ command }) => command?.command.startsWith('restorePoint.'));
      return ours.length > 0 && ours;
    });
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Create the Role gone', 'Restore What Is Missing'],
    );
    const [fix] = actions[0]!.command!.arguments as [{ job: string; fix: object }];
    const second = await ended(await run<Started>('restorePoint.resumeRestore', fix));
    assert.equal(second.state, 'succeeded', JSON.stringify(second.error));
    assert.equal(
      await sql(
        "select polname from pg_policy join pg_class c on c.oid = polrelid where relname = 't'",
        'treated',
      ),
      'p',
    );
    assert.equal(await sql('select count(*) from t', 'treated'), '1');
    // What was made good is no problem any more.
    await api.services.jobs.list();
    while (vscode.languages.getDiagnostics(uri).length > 0) await new Promise((done) => setTimeout(done, 50));
  });

  it('restores again, with what the plan needs', async () => {
    await sql('drop database treated');
    await sql('drop role gone');
    api.ask.answer('fix', 'Create the Roles');
    const [job] = (await api.services.jobs.list()).filter(
      ({ plan }) => plan.facts.strategy === 'new' && plan.facts.database === 'treated',
    );
    const again = await ended(await run<Started>('restorePoint.restoreAgain', { job: job!.id }));
    assert.equal(again.messages.failed, 0, JSON.stringify(again.plan.request));
    assert.equal(again.state, 'succeeded');
  });
});
