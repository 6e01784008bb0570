import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionFrom, openAccess, parseConnectionText, resolve } from '../../src/engine/connections';
import type { Access } from '../../src/engine/connections/types';
import type { Home } from '../../src/engine/home';
import { createJob, runJob, type JobEvent, type JobOutcome } from '../../src/engine/jobs';
import type { Plan } from '../../src/engine/plan';
import { planRestore, type RestoreContext, type RestoreRequest } from '../../src/engine/restore';
import { findBuilds } from '../../src/engine/tools';
import type { ClientBuild } from '../../src/engine/tools/types';
import { majors, postgresBin, type Cluster } from './postgres';

/** Every client build the tests have. */
export async function testBuilds(only: readonly number[] = majors): Promise<ClientBuild[]> {
  const builds = await findBuilds({ folders: only.map((major) => postgresBin(major)!), env: {} });
  return builds.filter((build) => only.includes(build.version.major));
}

export interface Who {
  user?: string;
  password?: string;
  database?: string;
}

export async function accessTo(cluster: Cluster, who: Who = {}): Promise<Access> {
  const uri = new URL(cluster.uri(who.database ?? 'postgres'));
  if (who.user !== undefined) uri.username = encodeURIComponent(who.user);
  if (who.password !== undefined) uri.password = encodeURIComponent(who.password);
  const parsed = parseConnectionText(uri.toString());
  const connection = connectionFrom(parsed);
  return await openAccess(await resolve(connection, {}), { password: parsed.password });
}

/** Plans and runs restores in a home of their own. */
export class Restorer {
  readonly cluster: Cluster;
  readonly builds: ClientBuild[];
  readonly home: Home;
  private readonly root: string;

  private constructor(cluster: Cluster, builds: ClientBuild[], root: string) {
    this.cluster = cluster;
    this.builds = builds;
    this.root = root;
    this.home = { config: join(root, 'config'), state: join(root, 'state'), backups: join(root, 'backups') };
  }

  static async open(cluster: Cluster, builds?: ClientBuild[]): Promise<Restorer> {
    return new Restorer(
      cluster,
      builds ?? (await testBuilds()),
      await mkdtemp(join(tmpdir(), 'rp-restore-')),
    );
  }

  async plan(request: RestoreRequest, who: Who = {}, cores = 2): Promise<Plan> {
    return await this.with((context) => planRestore(request, { ...context, cores }), who);
  }

  /** Plans anything that takes the context of a restore. */
  async with<T>(work: (context: RestoreContext) => Promise<T>, who: Who = {}): Promise<T> {
    const access = await accessTo(this.cluster, who);
    try {
      const { builds } = this;
      return await work({ access, builds, now: new Date(), folder: this.home.backups });
    } finally {
      await access.close();
    }
  }

  async run(
    plan: Plan,
    options: { signal?: AbortSignal; onEvent?: (event: JobEvent) => void; password?: string } = {},
  ): Promise<JobOutcome> {
    const job = await createJob(plan, this.home);
    const secrets = Object.fromEntries(
      Object.values(plan.connections).map(({ id }) => [id, options.password ?? this.cluster.password]),
    );
    return await runJob(job.folder, secrets, { ...options, home: this.home });
  }

  async restore(request: RestoreRequest, who: Who = {}): Promise<JobOutcome> {
    return await this.run(await this.plan(request, who), { password: who.password });
  }

  async close(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
