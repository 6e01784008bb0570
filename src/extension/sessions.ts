import * as vscode from 'vscode';
import type { Access, Connection } from '../engine/connections/types';
import type { ErrorFacts } from '../engine/errors';
import type { Ask } from './ask';
import { Disposables } from './dispose';
import { engine } from './engine';
import type { Log } from './log';
import type { Secrets } from './secrets';
import { requireTrust } from './trust';

/** A way in that nobody uses stays open this long: the next click needs no new tunnel. */
const idleMs = 30_000;
const attempts = 3;

interface Session {
  /** Whether its opening may ask a person. */
  interactive: boolean;
  access: Promise<Access>;
  users: number;
  timer?: ReturnType<typeof setTimeout>;
}

interface UseOptions {
  /** Whether a person may be asked for the password: yes in commands, no while a tree is drawn. */
  interactive: boolean;
  signal?: AbortSignal;
}

/** Ways into servers, shared by what runs at the same time and closed when idle. */
export class Sessions extends Disposables {
  readonly #secrets: Secrets;
  readonly #ask: Ask;
  readonly #log: Log;
  readonly #open = new Map<string, Session>();

  constructor({ secrets, ask, log }: { secrets: Secrets; ask: Ask; log: Log }) {
    super();
    this.#secrets = secrets;
    this.#ask = ask;
    this.#log = log;
    this.own({ dispose: () => [...this.#open.keys()].forEach((id) => this.close(id)) });
  }

  /** Runs `work` with a way into the server; the way is kept open a little while after. */
  async use<T>(
    connection: Connection,
    work: (access: Access) => Promise<T>,
    options: UseOptions,
  ): Promise<T> {
    requireTrust();
    const session = await this.#session(connection, options);
    session.users++;
    clearTimeout(session.timer);
    try {
      return await work(await session.access);
    } catch (error) {
      // A way that failed once (a tunnel that ended, say) is not tried again.
      const { code } = error as Partial<ErrorFacts>;
      if (code?.startsWith('connection.') && this.#open.get(connection.id) === session)
        this.close(connection.id);
      throw naming(connection, error);
    } finally {
      session.users--;
      if (session.users === 0 && this.#open.get(connection.id) === session)
        session.timer = setTimeout(() => this.close(connection.id), idleMs);
    }
  }

  /** Forgets the way in; whoever uses it still does, the next one opens it anew. */
  close(connectionId: string): void {
    const session = this.#open.get(connectionId);
    if (!session) return;
    this.#open.delete(connectionId);
    clearTimeout(session.timer);
    session.access.then((access) => access.close()).catch(() => undefined);
  }

  async #session(connection: Connection, options: UseOptions): Promise<Session> {
    const { id } = connection;
    const present = this.#open.get(id);
    if (present) {
      // A tree's quiet attempt may fail for want of the password a command may ask for.
      const good = present.interactive || !options.interactive || (await succeeds(present.access));
      if (good) return present;
    }
    const { interactive } = options;
    const session: Session = { users: 0, interactive, access: this.#connect(connection, options) };
    this.#open.set(id, session);
    session.access.catch(() => {
      if (this.#open.get(id) === session) this.#open.delete(id);
    });
    return session;
  }

  async #connect(connection: Connection, { interactive, signal }: UseOptions): Promise<Access> {
    const { resolve, findPassword, openAccess } = await engine();
    const resolved = await resolve(connection);
    let password = (await this.#secrets.get(connection.id)) ?? (await findPassword(resolved, process.env));
    if (password) this.#log.hide(password);
    for (let attempt = 1; ; attempt++) {
      try {
        const access = await openAccess(resolved, {
          password,
          signal,
          onLog: (line: string) => this.#log.info(`${connection.name}: ${line}`),
        });
        if (attempt > 1 && password) void this.#offerToKeep(connection, password);
        return access;
      } catch (error) {
        const code = (error as { code?: unknown }).code;
        const wantsPassword = code === 'connection.passwordNeeded' || code === 'connection.password';
        if (!interactive || !wantsPassword || attempt === attempts) throw error;
        password = await this.askPassword(connection, code === 'connection.password');
      }
    }
  }

  /** Asks and remembers for this window. */
  async askPassword(connection: Connection, wrong: boolean): Promise<string> {
    const password = await this.#ask.text({
      id: 'connection.password',
      title: vscode.l10n.t('Password for {0}', connection.name),
      prompt: wrong
        ? vscode.l10n.t('The server refused the password. Enter it again.')
        : vscode.l10n.t('The server asks for a password.'),
      password: true,
    });
    this.#secrets.remember(connection.id, password);
    return password;
  }

  async #offerToKeep(connection: Connection, password: string): Promise<void> {
    const keep = vscode.l10n.t('Keep');
    const pressed = await vscode.window.showInformationMessage(
      vscode.l10n.t('Keep the password of {0} in the secret storage of the editor?', connection.name),
      keep,
      vscode.l10n.t('Not Now'),
    );
    if (pressed === keep) await this.#secrets.keep(connection.id, password);
  }
}

/** Tells the remedies of a failure which connection they are for; the engine does not know our ids. */
function naming({ id }: Connection, error: unknown): unknown {
  const remedies = (error as Partial<ErrorFacts> | null)?.remedies ?? [];
  for (const remedy of remedies) remedy.with = { connection: id, ...remedy.with };
  return error;
}

async function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return await promise.then(
    () => true,
    () => false,
  );
}
