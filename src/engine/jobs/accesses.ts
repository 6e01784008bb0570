import * as l10n from '@vscode/l10n';
import { findPassword, openAccess, type AccessOptions } from '../connections';
import type { Access, Secrets } from '../connections/types';
import { RestorePointError } from '../errors';
import type { Plan } from '../plan';

/** The connections of a plan, each opened once, when first needed. */
export class Accesses {
  readonly #open = new Map<string, Promise<Access>>();
  readonly #plan: Plan;
  readonly #secrets: Secrets;
  readonly #onSecret: (secret: string) => void;
  readonly #onLog: (text: string) => void;
  readonly #onStart: AccessOptions['onStart'];

  /**
   * @param onSecret told every password before it is used, so that it is masked
   * @param onStart told of a tunnel's ssh, so that it is found and ended should this process die
   */
  constructor(
    plan: Plan,
    secrets: Secrets,
    onSecret: (secret: string) => void,
    onLog: (text: string) => void,
    onStart?: AccessOptions['onStart'],
  ) {
    this.#plan = plan;
    this.#secrets = secrets;
    this.#onSecret = onSecret;
    this.#onLog = onLog;
    this.#onStart = onStart;
  }

  /** One that failed to open is tried anew when asked for again. */
  async open(key: string, signal?: AbortSignal): Promise<Access> {
    let access = this.#open.get(key);
    if (!access) {
      access = this.#connect(key, signal);
      this.#open.set(key, access);
      access.catch(() => this.#open.delete(key));
    }
    return await access;
  }

  /** Closes what is open, and opens it anew. */
  async reopen(key: string, signal?: AbortSignal): Promise<Access> {
    const old = this.#open.get(key);
    this.#open.delete(key);
    await old?.then((access) => access.close()).catch(() => undefined);
    return await this.open(key, signal);
  }

  /** Those that are open now. */
  async opened(): Promise<Access[]> {
    const settled = await Promise.allSettled(this.#open.values());
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async close(): Promise<void> {
    for (const access of await this.opened()) await access.close().catch(() => undefined);
    this.#open.clear();
  }

  async #connect(key: string, signal?: AbortSignal): Promise<Access> {
    const connection = this.#plan.connections[key];
    if (!connection)
      throw new RestorePointError({
        code: 'job.plan',
        what: l10n.t('The plan names a connection that it does not have.'),
        why: key,
        next: l10n.t('Start the job again.'),
      });
    const given = this.#secrets[connection.id];
    // Without a given one openAccess looks for itself; known to us first, it is masked from the start.
    const password = given ?? (await findPassword(connection).catch(() => undefined));
    if (password) this.#onSecret(password);
    const access = await openAccess(connection, {
      password: given,
      signal,
      onLog: this.#onLog,
      onStart: this.#onStart,
    });
    if (access.password) this.#onSecret(access.password);
    return access;
  }
}
